-- How many bytes organizations kept, by day: what counted against the quota at the last report of that day, written with it.
CREATE TABLE storage_day (
    organization_id bigint NOT NULL REFERENCES organization ON DELETE CASCADE,
    day date NOT NULL,
    bytes bigint NOT NULL,
    PRIMARY KEY (organization_id, day)
);
