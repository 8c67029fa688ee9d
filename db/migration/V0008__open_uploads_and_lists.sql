-- Lists and counts of one tenant, and no look at what is another one's, or over.

-- How many uploads an organization has open: those that became blobs stay until they expire, and are many more.
CREATE INDEX upload_open ON upload (organization_id, expires_at) WHERE storage_key IS NOT NULL;

-- Pages in the order in which things were made.
CREATE INDEX immutability_rule_made ON immutability_rule (organization_id, id);
CREATE INDEX permission_grant_made ON permission_grant (organization_id, id);
CREATE INDEX access_token_made ON access_token (account_id, id);
