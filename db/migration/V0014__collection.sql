-- What may be collected is looked at from a queue, when something that kept it has gone.

CREATE TABLE review (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('repository', 'manifest', 'link', 'blob')),
    -- Without foreign keys: what is to be looked at may be gone already.
    organization_id bigint,
    repository_id bigint,
    digest text COLLATE "C",
    because text COLLATE "C" NOT NULL,
    not_before timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((kind = 'blob') = (organization_id IS NULL)),
    CHECK ((organization_id IS NULL) = (repository_id IS NULL)),
    CHECK ((kind = 'repository') = (digest IS NULL)),
    CONSTRAINT review_once UNIQUE NULLS NOT DISTINCT (kind, organization_id, repository_id, digest)
);

CREATE INDEX review_due ON review (not_before);

-- How far the search for links that no manifest ever came to need has got; it has one row.
CREATE TABLE link_scan (
    linked_at timestamptz NOT NULL
);

INSERT INTO link_scan (linked_at) VALUES ('-infinity');

-- Only the time: it grows at its end, and each link is read there once.
CREATE INDEX repository_blob_linked ON repository_blob (linked_at);

-- A repository whose content has begun to go cannot be brought back.
ALTER TABLE repository
    ADD COLUMN collected_at timestamptz,
    ADD CONSTRAINT repository_collected_is_deleted CHECK (collected_at IS NULL OR deleted_at IS NOT NULL);

-- What is hidden: little, and looked for by those who ask what undo windows keep.
CREATE INDEX manifest_hidden ON manifest (organization_id, repository_id, digest) WHERE deleted_at IS NOT NULL;
CREATE INDEX repository_blob_hidden ON repository_blob (organization_id, repository_id, digest) WHERE deleted_at IS NOT NULL;
