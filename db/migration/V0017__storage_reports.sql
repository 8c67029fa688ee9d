-- How the bytes of organizations, and of the registry as a whole, are kept; and what went, by day.

-- Who is reported about, and how far the next report has got: a walk in short slices, which any replica goes on with.
CREATE TABLE storage_report (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- NULL: the registry as a whole.
    organization_id bigint REFERENCES organization ON DELETE CASCADE,
    -- When the next report is begun; its place among those under way, once it is.
    not_before timestamptz NOT NULL DEFAULT now(),
    attempts integer NOT NULL DEFAULT 0,
    -- NULL: none is under way.
    started_at timestamptz,
    stage text COLLATE "C" NOT NULL DEFAULT 'blobs' CHECK (stage IN ('blobs', 'repositories', 'manifests', 'tombstones')),
    at_repository bigint NOT NULL DEFAULT 0,
    at_key text COLLATE "C" NOT NULL DEFAULT '',
    -- The number of the report that is made; the one before is the one that is shown.
    round bigint NOT NULL DEFAULT 1,
    computed_at timestamptz,
    took_seconds bigint,
    UNIQUE NULLS NOT DISTINCT (organization_id),
    CHECK ((computed_at IS NULL) = (took_seconds IS NULL))
);

CREATE INDEX storage_report_due ON storage_report (not_before);

INSERT INTO storage_report (organization_id) VALUES (NULL);
INSERT INTO storage_report (organization_id) SELECT id FROM organization;

CREATE TABLE storage_figure (
    report_id bigint NOT NULL REFERENCES storage_report ON DELETE CASCADE,
    round bigint NOT NULL,
    figure text COLLATE "C" NOT NULL,
    items bigint NOT NULL,
    bytes bigint NOT NULL,
    PRIMARY KEY (report_id, round, figure)
);

-- What organizations pay for no longer, written by whoever folds the ledger: nobody who removes something waits for it.
CREATE TABLE reclaimed_day (
    organization_id bigint NOT NULL REFERENCES organization ON DELETE CASCADE,
    day date NOT NULL,
    blobs bigint NOT NULL,
    blob_bytes bigint NOT NULL,
    manifests bigint NOT NULL,
    manifest_bytes bigint NOT NULL,
    PRIMARY KEY (organization_id, day)
);

-- What went from the store.
CREATE TABLE removed_day (
    day date PRIMARY KEY,
    objects bigint NOT NULL,
    bytes bigint NOT NULL
);
