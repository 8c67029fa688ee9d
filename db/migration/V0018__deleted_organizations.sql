-- Until when an organization that was deleted with all that is in it can be brought back. Its name is kept for it as long as
-- this says anything, behind that time too, until the collection has taken it away.
ALTER TABLE organization ADD COLUMN restorable_until timestamptz;
-- Since when the collection takes it away: from then on it cannot be brought back.
ALTER TABLE organization ADD COLUMN collected_at timestamptz;
ALTER TABLE organization ADD CONSTRAINT organization_restorable_check
    CHECK (restorable_until IS NULL OR deleted_at IS NOT NULL);

-- Beside the index of the live ones, which lists are walks of.
CREATE UNIQUE INDEX organization_kept_name ON organization (name)
    WHERE deleted_at IS NULL OR restorable_until IS NOT NULL;
-- Those that take what is in them out of sight.
CREATE INDEX organization_hidden ON organization (id) WHERE restorable_until IS NOT NULL;

-- What a catalog asks of each repository, in its index.
DROP INDEX repository_catalog;
CREATE INDEX repository_catalog ON repository (name) INCLUDE (organization_id)
    WHERE deleted_at IS NULL AND listed_at IS NOT NULL;
DROP INDEX repository_public_catalog;
CREATE INDEX repository_public_catalog ON repository (name) INCLUDE (organization_id)
    WHERE visibility = 'public' AND deleted_at IS NULL AND listed_at IS NOT NULL;
-- What is left to hide of an organization that is taken away.
CREATE INDEX repository_live ON repository (organization_id, id) WHERE deleted_at IS NULL;
-- The last repository that had a name, whose owner reads what happened in it and brings it back.
CREATE INDEX repository_deleted_name ON repository (name, deleted_at) WHERE deleted_at IS NOT NULL;

ALTER TABLE review DROP CONSTRAINT review_kind_check;
ALTER TABLE review ADD CONSTRAINT review_kind_check
    CHECK (kind IN ('organization', 'repository', 'manifest', 'link', 'blob'));
ALTER TABLE review DROP CONSTRAINT review_check1;
ALTER TABLE review ADD CONSTRAINT review_repository_check
    CHECK ((kind IN ('organization', 'blob')) = (repository_id IS NULL));
ALTER TABLE review DROP CONSTRAINT review_check2;
ALTER TABLE review ADD CONSTRAINT review_digest_check
    CHECK ((kind IN ('organization', 'repository')) = (digest IS NULL));

CREATE INDEX account_epoch_organization ON account_epoch (organization_id);
