-- Generated from the migrations by SchemaDumpIT (-Dmoorage.structure.write=true). Never edited by hand.

CREATE TABLE blob (
    digest text COLLATE "C" NOT NULL,
    size bigint NOT NULL,
    storage_key text COLLATE "C" NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE event (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    group_id uuid NOT NULL,
    organization_id bigint NOT NULL,
    repository_id bigint,
    kind text COLLATE "C" NOT NULL,
    tag text COLLATE "C",
    from_digest text COLLATE "C",
    to_digest text COLLATE "C",
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    actor text NOT NULL,
    address text NOT NULL,
    client text NOT NULL,
    claims json,
    why text
);

CREATE TABLE hold (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    organization_id bigint NOT NULL,
    repository_id bigint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    digest text COLLATE "C",
    event_id bigint NOT NULL,
    held_until timestamp with time zone NOT NULL
);

CREATE TABLE manifest (
    organization_id bigint NOT NULL,
    repository_id bigint NOT NULL,
    digest text COLLATE "C" NOT NULL,
    media_type text COLLATE "C" NOT NULL,
    artifact_type text COLLATE "C",
    subject_digest text COLLATE "C",
    payload bytea NOT NULL,
    size integer NOT NULL,
    annotations json,
    total_size bigint NOT NULL,
    image_id text COLLATE "C",
    image_created timestamp with time zone,
    operating_system text,
    architecture text,
    variant text,
    labels json,
    pushed_at timestamp with time zone DEFAULT now() NOT NULL,
    leased_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone
);

CREATE TABLE manifest_blob (
    organization_id bigint NOT NULL,
    repository_id bigint NOT NULL,
    manifest_digest text COLLATE "C" NOT NULL,
    blob_digest text COLLATE "C" NOT NULL
);

CREATE TABLE manifest_child (
    organization_id bigint NOT NULL,
    repository_id bigint NOT NULL,
    manifest_digest text COLLATE "C" NOT NULL,
    child_digest text COLLATE "C" NOT NULL
);

CREATE TABLE organization (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    name text COLLATE "C" NOT NULL,
    default_visibility text COLLATE "C" DEFAULT 'private'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone
);

CREATE TABLE organization_blob (
    organization_id bigint NOT NULL,
    digest text COLLATE "C" NOT NULL,
    links integer NOT NULL
);

CREATE TABLE repository (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    organization_id bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    visibility text COLLATE "C" NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    listed_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone
);

CREATE TABLE repository_blob (
    organization_id bigint NOT NULL,
    repository_id bigint NOT NULL,
    digest text COLLATE "C" NOT NULL,
    leased_at timestamp with time zone DEFAULT now() NOT NULL,
    linked_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone
);

CREATE TABLE tag (
    organization_id bigint NOT NULL,
    repository_id bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    manifest_digest text COLLATE "C" NOT NULL,
    pushed_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE tombstone (
    storage_key text COLLATE "C" NOT NULL,
    multipart_upload_id text,
    size bigint NOT NULL,
    not_before timestamp with time zone NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    why text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE upload (
    id uuid NOT NULL,
    organization_id bigint NOT NULL,
    repository_id bigint NOT NULL,
    account text NOT NULL,
    algorithm text COLLATE "C" NOT NULL,
    storage_key text COLLATE "C",
    byte_offset bigint DEFAULT 0 NOT NULL,
    store_state text DEFAULT ''::text NOT NULL,
    prefix_digest text COLLATE "C",
    hash_state bytea,
    epoch bigint DEFAULT 0 NOT NULL,
    lease_until timestamp with time zone,
    waiting_for_client boolean DEFAULT false NOT NULL,
    last_byte_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    finished_digest text COLLATE "C",
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    multipart_upload_id text
);

CREATE TABLE upload_object (
    storage_key text COLLATE "C" NOT NULL,
    upload_id uuid NOT NULL,
    multipart_upload_id text,
    size bigint NOT NULL
);

CREATE TABLE usage_entry (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    organization_id bigint NOT NULL,
    repository_id bigint,
    kind text COLLATE "C" NOT NULL,
    items integer NOT NULL,
    bytes bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE blob ADD CONSTRAINT blob_pkey PRIMARY KEY (digest);
ALTER TABLE blob ADD CONSTRAINT blob_size_check CHECK ((size >= 0));
ALTER TABLE blob ADD CONSTRAINT blob_storage_key_key UNIQUE (storage_key);
ALTER TABLE event ADD CONSTRAINT event_pkey PRIMARY KEY (id);
ALTER TABLE hold ADD CONSTRAINT hold_check CHECK (((kind = 'repository'::text) = (digest IS NULL)));
ALTER TABLE hold ADD CONSTRAINT hold_kind_check CHECK ((kind = ANY (ARRAY['repository'::text, 'manifest'::text, 'link'::text])));
ALTER TABLE hold ADD CONSTRAINT hold_pkey PRIMARY KEY (id);
ALTER TABLE manifest ADD CONSTRAINT manifest_artifact_type_check CHECK ((length(artifact_type) <= 255));
ALTER TABLE manifest ADD CONSTRAINT manifest_check CHECK ((size = octet_length(payload)));
ALTER TABLE manifest ADD CONSTRAINT manifest_media_type_check CHECK ((length(media_type) <= 255));
ALTER TABLE manifest ADD CONSTRAINT manifest_payload_check CHECK ((octet_length(payload) <= 4194304));
ALTER TABLE manifest ADD CONSTRAINT manifest_pkey PRIMARY KEY (organization_id, repository_id, digest);
ALTER TABLE manifest_blob ADD CONSTRAINT manifest_blob_pkey PRIMARY KEY (organization_id, repository_id, manifest_digest, blob_digest);
ALTER TABLE manifest_child ADD CONSTRAINT manifest_child_pkey PRIMARY KEY (organization_id, repository_id, manifest_digest, child_digest);
ALTER TABLE organization ADD CONSTRAINT organization_default_visibility_check CHECK ((default_visibility = ANY (ARRAY['private'::text, 'public'::text])));
ALTER TABLE organization ADD CONSTRAINT organization_pkey PRIMARY KEY (id);
ALTER TABLE organization_blob ADD CONSTRAINT organization_blob_links_check CHECK ((links >= 0));
ALTER TABLE organization_blob ADD CONSTRAINT organization_blob_pkey PRIMARY KEY (organization_id, digest);
ALTER TABLE repository ADD CONSTRAINT repository_organization_id_id_key UNIQUE (organization_id, id);
ALTER TABLE repository ADD CONSTRAINT repository_pkey PRIMARY KEY (id);
ALTER TABLE repository ADD CONSTRAINT repository_visibility_check CHECK ((visibility = ANY (ARRAY['private'::text, 'public'::text])));
ALTER TABLE repository_blob ADD CONSTRAINT repository_blob_pkey PRIMARY KEY (organization_id, repository_id, digest);
ALTER TABLE tag ADD CONSTRAINT tag_pkey PRIMARY KEY (organization_id, repository_id, name);
ALTER TABLE tombstone ADD CONSTRAINT tombstone_pkey PRIMARY KEY (storage_key);
ALTER TABLE upload ADD CONSTRAINT upload_byte_offset_check CHECK ((byte_offset >= 0));
ALTER TABLE upload ADD CONSTRAINT upload_check CHECK (((storage_key IS NULL) = (finished_digest IS NOT NULL)));
ALTER TABLE upload ADD CONSTRAINT upload_pkey PRIMARY KEY (id);
ALTER TABLE upload ADD CONSTRAINT upload_storage_key_key UNIQUE (storage_key);
ALTER TABLE upload_object ADD CONSTRAINT upload_object_pkey PRIMARY KEY (storage_key);
ALTER TABLE usage_entry ADD CONSTRAINT usage_entry_kind_check CHECK ((kind = ANY (ARRAY['link'::text, 'manifest'::text, 'blob'::text])));
ALTER TABLE usage_entry ADD CONSTRAINT usage_entry_pkey PRIMARY KEY (id);
ALTER TABLE event ADD CONSTRAINT event_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id);
ALTER TABLE manifest ADD CONSTRAINT manifest_organization_id_repository_id_fkey FOREIGN KEY (organization_id, repository_id) REFERENCES repository(organization_id, id);
ALTER TABLE manifest_blob ADD CONSTRAINT manifest_blob_organization_id_repository_id_blob_digest_fkey FOREIGN KEY (organization_id, repository_id, blob_digest) REFERENCES repository_blob(organization_id, repository_id, digest);
ALTER TABLE manifest_blob ADD CONSTRAINT manifest_blob_organization_id_repository_id_manifest_diges_fkey FOREIGN KEY (organization_id, repository_id, manifest_digest) REFERENCES manifest(organization_id, repository_id, digest);
ALTER TABLE manifest_child ADD CONSTRAINT manifest_child_organization_id_repository_id_child_digest_fkey FOREIGN KEY (organization_id, repository_id, child_digest) REFERENCES manifest(organization_id, repository_id, digest);
ALTER TABLE manifest_child ADD CONSTRAINT manifest_child_organization_id_repository_id_manifest_dige_fkey FOREIGN KEY (organization_id, repository_id, manifest_digest) REFERENCES manifest(organization_id, repository_id, digest);
ALTER TABLE organization_blob ADD CONSTRAINT organization_blob_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id);
ALTER TABLE repository ADD CONSTRAINT repository_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id);
ALTER TABLE repository_blob ADD CONSTRAINT repository_blob_digest_fkey FOREIGN KEY (digest) REFERENCES blob(digest);
ALTER TABLE repository_blob ADD CONSTRAINT repository_blob_organization_id_repository_id_fkey FOREIGN KEY (organization_id, repository_id) REFERENCES repository(organization_id, id);
ALTER TABLE tag ADD CONSTRAINT tag_organization_id_repository_id_manifest_digest_fkey FOREIGN KEY (organization_id, repository_id, manifest_digest) REFERENCES manifest(organization_id, repository_id, digest);
ALTER TABLE upload ADD CONSTRAINT upload_organization_id_repository_id_fkey FOREIGN KEY (organization_id, repository_id) REFERENCES repository(organization_id, id);
ALTER TABLE upload_object ADD CONSTRAINT upload_object_upload_id_fkey FOREIGN KEY (upload_id) REFERENCES upload(id);
ALTER TABLE usage_entry ADD CONSTRAINT usage_entry_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id);

CREATE INDEX event_group ON event USING btree (group_id);
CREATE INDEX event_repository ON event USING btree (organization_id, repository_id, id);
CREATE INDEX event_tag ON event USING btree (organization_id, repository_id, tag, id) WHERE (tag IS NOT NULL);
CREATE INDEX hold_end ON hold USING btree (held_until);
CREATE INDEX hold_target ON hold USING btree (organization_id, repository_id, kind, digest);
CREATE INDEX manifest_referrers ON manifest USING btree (organization_id, repository_id, subject_digest, digest) WHERE ((subject_digest IS NOT NULL) AND (deleted_at IS NULL));
CREATE INDEX manifest_referrers_of_type ON manifest USING btree (organization_id, repository_id, subject_digest, artifact_type, digest) WHERE ((subject_digest IS NOT NULL) AND (deleted_at IS NULL));
CREATE INDEX manifest_blob_blob ON manifest_blob USING btree (organization_id, repository_id, blob_digest, manifest_digest);
CREATE INDEX manifest_child_child ON manifest_child USING btree (organization_id, repository_id, child_digest, manifest_digest);
CREATE UNIQUE INDEX organization_live_name ON organization USING btree (name) WHERE (deleted_at IS NULL);
CREATE INDEX repository_catalog ON repository USING btree (name) WHERE ((deleted_at IS NULL) AND (listed_at IS NOT NULL));
CREATE UNIQUE INDEX repository_live_name ON repository USING btree (name) WHERE (deleted_at IS NULL);
CREATE INDEX repository_blob_digest ON repository_blob USING btree (digest, organization_id, repository_id);
CREATE INDEX tag_manifest ON tag USING btree (organization_id, repository_id, manifest_digest);
CREATE INDEX tombstone_due ON tombstone USING btree (not_before);
CREATE INDEX upload_expiry ON upload USING btree (expires_at);
CREATE INDEX upload_repository ON upload USING btree (organization_id, repository_id);
CREATE INDEX upload_object_upload ON upload_object USING btree (upload_id);
CREATE INDEX usage_entry_owner ON usage_entry USING btree (organization_id, repository_id, kind);
