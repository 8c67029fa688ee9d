-- Lists and counts of one organization without a look at what is another one's, or over.

-- How many uploads an organization has open: those that became blobs stay until they expire, and are many more.
CREATE INDEX upload_open ON upload (organization_id) WHERE storage_key IS NOT NULL;
