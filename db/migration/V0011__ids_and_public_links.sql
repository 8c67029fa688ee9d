-- What an id tells its reader: nothing. A number in a row would let tenants count each other (docs/decisions/0007). Below
-- 2^53, so that every client reads it exactly; the digits of a version 4 UUID that are random all through.
CREATE FUNCTION random_id() RETURNS bigint LANGUAGE sql VOLATILE PARALLEL SAFE RETURN
    1 + ('x' || right(replace(gen_random_uuid()::text, '-', ''), 13))::bit(52)::bigint;

ALTER TABLE organization ALTER COLUMN id DROP IDENTITY, ALTER COLUMN id SET DEFAULT random_id();
ALTER TABLE repository ALTER COLUMN id DROP IDENTITY, ALTER COLUMN id SET DEFAULT random_id();
ALTER TABLE account ALTER COLUMN id DROP IDENTITY, ALTER COLUMN id SET DEFAULT random_id();
ALTER TABLE team ALTER COLUMN id DROP IDENTITY, ALTER COLUMN id SET DEFAULT random_id();
ALTER TABLE robot ALTER COLUMN id DROP IDENTITY, ALTER COLUMN id SET DEFAULT random_id();
ALTER TABLE access_token ALTER COLUMN id DROP IDENTITY, ALTER COLUMN id SET DEFAULT random_id();
ALTER TABLE trusted_issuer ALTER COLUMN id DROP IDENTITY, ALTER COLUMN id SET DEFAULT random_id();
ALTER TABLE permission_grant ALTER COLUMN id DROP IDENTITY, ALTER COLUMN id SET DEFAULT random_id();
ALTER TABLE immutability_rule ALTER COLUMN id DROP IDENTITY, ALTER COLUMN id SET DEFAULT random_id();

ALTER INDEX access_token_made RENAME TO access_token_list;
ALTER INDEX permission_grant_made RENAME TO permission_grant_list;
ALTER INDEX immutability_rule_made RENAME TO immutability_rule_list;

-- Which links a mount without a source may find in other organizations: a hint, for the repository's row is asked as well.
ALTER TABLE repository_blob ADD COLUMN in_public boolean NOT NULL DEFAULT false;
CREATE INDEX repository_blob_public ON repository_blob (digest, organization_id, repository_id)
    WHERE in_public AND deleted_at IS NULL;

-- Since when links of the repository may say another visibility than its own; NULL once they all agree.
ALTER TABLE repository ADD COLUMN links_stale_since timestamptz;
UPDATE repository SET links_stale_since = clock_timestamp() WHERE visibility = 'public';
CREATE INDEX repository_links_stale ON repository (links_stale_since) WHERE links_stale_since IS NOT NULL;
