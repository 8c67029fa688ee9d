-- Bytes: which object of the store holds them, which repositories see them, which objects are to go.

CREATE TABLE blob (
    digest text COLLATE "C" PRIMARY KEY,
    size bigint NOT NULL CHECK (size >= 0),
    storage_key text COLLATE "C" NOT NULL UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE tombstone (
    storage_key text COLLATE "C" PRIMARY KEY,
    -- What a writer began there and may never have ended; empty where its name was never learnt.
    multipart_upload_id text,
    size bigint NOT NULL,
    not_before timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    why text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX tombstone_due ON tombstone (not_before);

-- The link that makes a blob visible in a repository. The key begins with the organization, by which the table can be
-- partitioned.
CREATE TABLE repository_blob (
    organization_id bigint NOT NULL,
    repository_id bigint NOT NULL,
    digest text COLLATE "C" NOT NULL REFERENCES blob,
    -- The last push, mount or HEAD by a pusher: what it promised holds for a day.
    leased_at timestamptz NOT NULL DEFAULT now(),
    linked_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    PRIMARY KEY (organization_id, repository_id, digest),
    FOREIGN KEY (organization_id, repository_id) REFERENCES repository (organization_id, id)
);

-- Who shows a blob, in one organization or in any.
CREATE INDEX repository_blob_digest ON repository_blob (digest, organization_id, repository_id);

-- How many links an organization has to a blob: it counts once for the organization's usage.
CREATE TABLE organization_blob (
    organization_id bigint NOT NULL REFERENCES organization,
    digest text COLLATE "C" NOT NULL,
    links integer NOT NULL CHECK (links >= 0),
    PRIMARY KEY (organization_id, digest)
);

-- Signed deltas of what is kept; sums are made in the background, so that no push waits for another one's row.
CREATE TABLE usage_entry (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id bigint NOT NULL REFERENCES organization,
    -- Absent where the entry counts a blob once for the whole organization.
    repository_id bigint,
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('link', 'manifest', 'blob')),
    items integer NOT NULL,
    bytes bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX usage_entry_owner ON usage_entry (organization_id, repository_id, kind);

CREATE TABLE upload (
    id uuid PRIMARY KEY,
    organization_id bigint NOT NULL,
    repository_id bigint NOT NULL,
    account text NOT NULL,
    algorithm text COLLATE "C" NOT NULL,
    -- Absent once the upload is finished: the object is the blob's (or a tombstone's) then.
    storage_key text COLLATE "C" UNIQUE,
    -- As in tombstone: of the object above.
    multipart_upload_id text,
    byte_offset bigint NOT NULL DEFAULT 0 CHECK (byte_offset >= 0),
    store_state text NOT NULL DEFAULT '',
    prefix_digest text COLLATE "C",
    hash_state bytea,
    epoch bigint NOT NULL DEFAULT 0,
    lease_until timestamptz,
    waiting_for_client boolean NOT NULL DEFAULT false,
    last_byte_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    finished_digest text COLLATE "C",
    created_at timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (organization_id, repository_id) REFERENCES repository (organization_id, id),
    CHECK ((storage_key IS NULL) = (finished_digest IS NOT NULL))
);

-- Further objects that an upload may have in the store: its tail, and keys that it has given up. Each goes to a tombstone in
-- the transaction that no longer needs it.
CREATE TABLE upload_object (
    storage_key text COLLATE "C" PRIMARY KEY,
    upload_id uuid NOT NULL REFERENCES upload,
    multipart_upload_id text,
    size bigint NOT NULL
);

CREATE INDEX upload_object_upload ON upload_object (upload_id);

CREATE INDEX upload_expiry ON upload (expires_at);
CREATE INDEX upload_repository ON upload (organization_id, repository_id);
