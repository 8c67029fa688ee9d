-- The bytes of small blobs, where the settings keep them here: objects like those in the store, under keys of their own kind.
-- Not compressed: most are, and the others are small.
CREATE TABLE small_object (
    storage_key text COLLATE "C" PRIMARY KEY,
    bytes bytea NOT NULL
);

ALTER TABLE small_object ALTER COLUMN bytes SET STORAGE EXTERNAL;
