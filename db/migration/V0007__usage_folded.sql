-- The ledger of what is kept is folded in the background: one entry an owner and kind remains, and what came since.

-- Folded entries are sums. One of kind 'manifest' without a repository is the sum of all of the organization's, so that what
-- an organization uses is few rows, however many repositories it has.
ALTER TABLE usage_entry ADD COLUMN folded boolean NOT NULL DEFAULT false;

DROP INDEX usage_entry_owner;

CREATE UNIQUE INDEX usage_entry_folded ON usage_entry (organization_id, repository_id, kind) NULLS NOT DISTINCT
    WHERE folded;

-- What came since, and the queue of what is to be folded.
CREATE INDEX usage_entry_unfolded ON usage_entry (organization_id, repository_id, id) WHERE NOT folded;
