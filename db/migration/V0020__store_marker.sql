-- The marks that this database has left in the store of blobs. One that it does not know was left by another database, or by
-- a later state of this one than the backup that was restored.
CREATE TABLE store_marker (
    token uuid PRIMARY KEY,
    made_at timestamptz NOT NULL DEFAULT now(),
    -- Whether the store has surely had it.
    written boolean NOT NULL DEFAULT false
);
