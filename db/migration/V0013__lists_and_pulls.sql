-- When manifests were pulled, and lists of tags in the orders that people ask for.

-- A table of its own: a pull writes nothing, and what was counted comes in batches. By manifest, not by tag: clients ask
-- what a tag names by HEAD, which is no pull, and then fetch that manifest by its digest.
CREATE TABLE manifest_pull (
    organization_id bigint NOT NULL,
    repository_id bigint NOT NULL,
    digest text COLLATE "C" NOT NULL,
    pulls bigint NOT NULL CHECK (pulls > 0),
    last_pulled_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, repository_id, digest),
    -- Counts nobody else would remove: they go with their manifest.
    FOREIGN KEY (organization_id, repository_id, digest) REFERENCES manifest ON DELETE CASCADE
);

-- What a manifest and all that it references take never changes, so its tags can be ordered by it without asking them all.
ALTER TABLE tag ADD COLUMN total_size bigint;

UPDATE tag t
SET total_size = m.total_size
FROM manifest m
WHERE m.organization_id = t.organization_id AND m.repository_id = t.repository_id AND m.digest = t.manifest_digest;

ALTER TABLE tag ALTER COLUMN total_size SET NOT NULL;

-- The sum is the repository. Written so no other statement can use these indexes: the planner takes organization and
-- repository for independent, expects hardly a row of both, and would walk all of a repository where the key finds one row.
CREATE INDEX tag_pushed ON tag ((repository_id + 0), pushed_at, name);
CREATE INDEX tag_size ON tag ((repository_id + 0), total_size, name);

-- What images are found by of their labels, of bounded length and number; labels themselves may hold what text cannot.
ALTER TABLE manifest ADD COLUMN label_extracts text[] NOT NULL DEFAULT '{}';

-- PostgreSQL refuses to read some texts that JSON can write, all of them with an escape. Images with such labels are
-- found by them when they are pushed again.
UPDATE manifest m
SET label_extracts = ARRAY(
    SELECT DISTINCT extract.label
    FROM (SELECT * FROM json_each_text(m.labels) LIMIT 100) l (key, value)
    CROSS JOIN LATERAL (VALUES (l.key), (l.key || '=' || l.value)) extract (label)
    WHERE length(extract.label) BETWEEN 1 AND 255)
WHERE m.labels IS NOT NULL AND m.labels::text NOT IN ('{}', 'null') AND m.labels::text NOT LIKE '%\\u%';

-- Images in the orders that people ask for: of each repository, as tags are, and of all.
CREATE INDEX manifest_pushed ON manifest ((repository_id + 0), pushed_at, digest) WHERE deleted_at IS NULL;
CREATE INDEX manifest_size ON manifest ((repository_id + 0), total_size, digest) WHERE deleted_at IS NULL;
CREATE INDEX manifest_pushed_everywhere ON manifest (pushed_at, digest, repository_id) WHERE deleted_at IS NULL;
CREATE INDEX manifest_size_everywhere ON manifest (total_size, digest, repository_id) WHERE deleted_at IS NULL;
