-- How a repository presents itself to people: beside its row, which every push and every pull reads. What deletes the row for good,
-- the version before this one too, takes this with it.
CREATE TABLE repository_presentation (
    organization_id bigint NOT NULL,
    repository_id bigint NOT NULL,
    -- Markdown.
    readme text NOT NULL DEFAULT '' CHECK (octet_length(readme) <= 65536),
    icon bytea CHECK (length(icon) BETWEEN 1 AND 1048576),
    icon_type text COLLATE "C" CHECK (icon_type IN ('image/png', 'image/svg+xml')),
    PRIMARY KEY (organization_id, repository_id),
    FOREIGN KEY (organization_id, repository_id) REFERENCES repository (organization_id, id) ON DELETE CASCADE,
    CHECK ((icon IS NULL) = (icon_type IS NULL))
);
