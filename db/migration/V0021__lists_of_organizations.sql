-- Lists of a whole organization, of which no page may cost more the more repositories or members there are.

-- Images of all repositories of an organization, as manifest_pushed and manifest_size are for one. The sum is written so
-- that no other statement can use these indexes.
CREATE INDEX manifest_pushed_in_organization ON manifest ((organization_id + 0), pushed_at, digest, repository_id)
    WHERE deleted_at IS NULL;
CREATE INDEX manifest_size_in_organization ON manifest ((organization_id + 0), total_size, digest, repository_id)
    WHERE deleted_at IS NULL;

-- Members are accounts with a role of their own or in a team, each found once however many of those it has.
CREATE INDEX permission_grant_member ON permission_grant (organization_id, account_id) WHERE account_id IS NOT NULL;
CREATE INDEX team_member_member ON team_member (organization_id, account_id);
