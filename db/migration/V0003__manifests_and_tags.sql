-- Manifests with their exact bytes, what they reference, and the tags on them. The keys begin with the organization, by
-- which the tables can be partitioned. Annotations and labels are json, not jsonb: NUL is legal in JSON.

CREATE TABLE manifest (
    organization_id bigint NOT NULL,
    repository_id bigint NOT NULL,
    digest text COLLATE "C" NOT NULL,
    media_type text COLLATE "C" NOT NULL CHECK (length(media_type) <= 255),
    artifact_type text COLLATE "C" CHECK (length(artifact_type) <= 255),
    subject_digest text COLLATE "C",
    payload bytea NOT NULL CHECK (octet_length(payload) <= 4194304),
    size integer NOT NULL CHECK (size = octet_length(payload)),
    annotations json,
    -- The bytes of everything it references, itself included.
    total_size bigint NOT NULL,
    image_id text COLLATE "C",
    image_created timestamptz,
    operating_system text,
    architecture text,
    variant text,
    labels json,
    pushed_at timestamptz NOT NULL DEFAULT now(),
    leased_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    PRIMARY KEY (organization_id, repository_id, digest),
    FOREIGN KEY (organization_id, repository_id) REFERENCES repository (organization_id, id)
);

CREATE INDEX manifest_referrers ON manifest (organization_id, repository_id, subject_digest, digest)
    WHERE subject_digest IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX manifest_referrers_of_type
    ON manifest (organization_id, repository_id, subject_digest, artifact_type, digest)
    WHERE subject_digest IS NOT NULL AND deleted_at IS NULL;

CREATE TABLE manifest_blob (
    organization_id bigint NOT NULL,
    repository_id bigint NOT NULL,
    manifest_digest text COLLATE "C" NOT NULL,
    blob_digest text COLLATE "C" NOT NULL,
    PRIMARY KEY (organization_id, repository_id, manifest_digest, blob_digest),
    FOREIGN KEY (organization_id, repository_id, manifest_digest) REFERENCES manifest,
    FOREIGN KEY (organization_id, repository_id, blob_digest) REFERENCES repository_blob
);

CREATE INDEX manifest_blob_blob ON manifest_blob (organization_id, repository_id, blob_digest, manifest_digest);

CREATE TABLE manifest_child (
    organization_id bigint NOT NULL,
    repository_id bigint NOT NULL,
    manifest_digest text COLLATE "C" NOT NULL,
    child_digest text COLLATE "C" NOT NULL,
    PRIMARY KEY (organization_id, repository_id, manifest_digest, child_digest),
    FOREIGN KEY (organization_id, repository_id, manifest_digest) REFERENCES manifest,
    FOREIGN KEY (organization_id, repository_id, child_digest) REFERENCES manifest
);

CREATE INDEX manifest_child_child ON manifest_child (organization_id, repository_id, child_digest, manifest_digest);

CREATE TABLE tag (
    organization_id bigint NOT NULL,
    repository_id bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    manifest_digest text COLLATE "C" NOT NULL,
    pushed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, repository_id, name),
    FOREIGN KEY (organization_id, repository_id, manifest_digest) REFERENCES manifest
);

CREATE INDEX tag_manifest ON tag (organization_id, repository_id, manifest_digest);
