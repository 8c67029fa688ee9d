-- Stores whose unfinished objects have names of their own.

-- What a writer began at the upload's key and may never have ended; empty where its name was never learnt. The same holds
-- for the column of that name in tombstone.
ALTER TABLE upload ADD COLUMN multipart_upload_id text;

-- Further objects that an upload may have in the store: its tail, and keys that it has given up. Each goes to a tombstone in
-- the transaction that no longer needs it.
CREATE TABLE upload_object (
    storage_key text COLLATE "C" PRIMARY KEY,
    upload_id uuid NOT NULL REFERENCES upload,
    multipart_upload_id text,
    size bigint NOT NULL
);

CREATE INDEX upload_object_upload ON upload_object (upload_id);
