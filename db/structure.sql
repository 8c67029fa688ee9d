-- Generated from the migrations by SchemaDumpIT (-Dmoorage.structure.write=true). Never edited by hand.

CREATE OR REPLACE FUNCTION public.random_id()
 RETURNS bigint
 LANGUAGE sql
 PARALLEL SAFE
RETURN (1 + ((('x'::text || "right"(replace((gen_random_uuid())::text, '-'::text, ''::text), 13)))::bit(52))::bigint)
;

CREATE TABLE access_token (
    id bigint DEFAULT random_id() NOT NULL,
    account_id bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    secret_hash bytea NOT NULL,
    repository_prefix text COLLATE "C" DEFAULT ''::text NOT NULL,
    actions text[] NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone,
    last_used_at timestamp with time zone
);

CREATE TABLE account (
    id bigint DEFAULT random_id() NOT NULL,
    name text COLLATE "C" NOT NULL,
    password_hash text,
    administrator boolean DEFAULT false NOT NULL,
    epoch bigint DEFAULT 0 NOT NULL,
    issuer text COLLATE "C",
    subject text COLLATE "C",
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    disabled_at timestamp with time zone,
    deleted_at timestamp with time zone
);

CREATE TABLE account_epoch (
    organization_id bigint NOT NULL,
    account_id bigint NOT NULL,
    epoch bigint NOT NULL
);

CREATE TABLE audit_event (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    reference uuid DEFAULT gen_random_uuid() NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    times bigint DEFAULT 1 NOT NULL,
    last_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    organization_id bigint,
    organization text COLLATE "C",
    actor_kind text COLLATE "C" NOT NULL,
    actor text COLLATE "C" NOT NULL,
    actor_id bigint,
    address text NOT NULL,
    client text NOT NULL,
    request_id text,
    action text COLLATE "C" NOT NULL,
    target_kind text COLLATE "C" NOT NULL,
    target text COLLATE "C" NOT NULL,
    outcome text NOT NULL,
    detail json NOT NULL
);

CREATE TABLE blob (
    digest text COLLATE "C" NOT NULL,
    size bigint NOT NULL,
    storage_key text COLLATE "C" NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE console_session (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    secret_hash bytea NOT NULL,
    account_id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_used_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    address text NOT NULL,
    client text NOT NULL
);

CREATE TABLE delivery (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    reference uuid DEFAULT gen_random_uuid() NOT NULL,
    organization_id bigint NOT NULL,
    webhook_id bigint NOT NULL,
    repository_id bigint NOT NULL,
    repository text COLLATE "C",
    message uuid NOT NULL,
    request uuid NOT NULL,
    kind text COLLATE "C" NOT NULL,
    tag text COLLATE "C",
    from_digest text COLLATE "C",
    to_digest text COLLATE "C",
    media_type text COLLATE "C",
    artifact_type text COLLATE "C",
    size integer,
    at timestamp with time zone NOT NULL,
    actor text NOT NULL,
    client text NOT NULL,
    why text,
    undoes uuid,
    state text COLLATE "C" DEFAULT 'waiting'::text NOT NULL,
    queued_at timestamp with time zone DEFAULT now() NOT NULL,
    not_before timestamp with time zone DEFAULT now() NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    last_at timestamp with time zone,
    last_status integer,
    because text,
    finished_at timestamp with time zone
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
    why text,
    reference uuid DEFAULT gen_random_uuid() NOT NULL,
    undoes bigint
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

CREATE TABLE immutability_rule (
    id bigint DEFAULT random_id() NOT NULL,
    organization_id bigint NOT NULL,
    repository_id bigint,
    tag_pattern text COLLATE "C" NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE link_scan (
    linked_at timestamp with time zone NOT NULL
);

CREATE TABLE login_failure (
    kind text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    failures integer NOT NULL,
    last_at timestamp with time zone DEFAULT now() NOT NULL,
    blocked_until timestamp with time zone
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
    deleted_at timestamp with time zone,
    label_extracts text[] DEFAULT '{}'::text[] NOT NULL
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

CREATE TABLE manifest_pull (
    organization_id bigint NOT NULL,
    repository_id bigint NOT NULL,
    digest text COLLATE "C" NOT NULL,
    pulls bigint NOT NULL,
    last_pulled_at timestamp with time zone NOT NULL
);

CREATE TABLE organization (
    id bigint DEFAULT random_id() NOT NULL,
    name text COLLATE "C" NOT NULL,
    default_visibility text COLLATE "C" DEFAULT 'private'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone,
    quota_bytes bigint,
    quota_repositories integer,
    undo_window_seconds bigint,
    restorable_until timestamp with time zone,
    collected_at timestamp with time zone
);

CREATE TABLE organization_blob (
    organization_id bigint NOT NULL,
    digest text COLLATE "C" NOT NULL,
    links integer NOT NULL
);

CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    message uuid DEFAULT gen_random_uuid() NOT NULL,
    request uuid NOT NULL,
    organization_id bigint NOT NULL,
    repository_id bigint,
    kind text COLLATE "C" NOT NULL,
    tag text COLLATE "C",
    from_digest text COLLATE "C",
    to_digest text COLLATE "C",
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    actor text NOT NULL,
    client text NOT NULL,
    why text,
    undoes uuid
);

CREATE TABLE permission_grant (
    id bigint DEFAULT random_id() NOT NULL,
    organization_id bigint NOT NULL,
    repository_prefix text COLLATE "C" DEFAULT ''::text NOT NULL,
    role text COLLATE "C" NOT NULL,
    account_id bigint,
    team_id bigint,
    robot_id bigint,
    trusted_issuer_id bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE reclaimed_day (
    organization_id bigint NOT NULL,
    day date NOT NULL,
    blobs bigint NOT NULL,
    blob_bytes bigint NOT NULL,
    manifests bigint NOT NULL,
    manifest_bytes bigint NOT NULL
);

CREATE TABLE refresh_token (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    secret_hash bytea NOT NULL,
    account_id bigint,
    robot_id bigint,
    access_token_id bigint,
    client_id text NOT NULL,
    service text COLLATE "C" NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone
);

CREATE TABLE removed_day (
    day date NOT NULL,
    objects bigint NOT NULL,
    bytes bigint NOT NULL
);

CREATE TABLE replica (
    id uuid NOT NULL,
    host text NOT NULL,
    version text NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE repository (
    id bigint DEFAULT random_id() NOT NULL,
    organization_id bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    visibility text COLLATE "C" NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    listed_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone,
    links_stale_since timestamp with time zone,
    collected_at timestamp with time zone
);

CREATE TABLE repository_blob (
    organization_id bigint NOT NULL,
    repository_id bigint NOT NULL,
    digest text COLLATE "C" NOT NULL,
    leased_at timestamp with time zone DEFAULT now() NOT NULL,
    linked_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone,
    in_public boolean DEFAULT false NOT NULL
);

CREATE TABLE repository_presentation (
    organization_id bigint NOT NULL,
    repository_id bigint NOT NULL,
    readme text DEFAULT ''::text NOT NULL,
    icon bytea,
    icon_type text COLLATE "C"
);

CREATE TABLE retention_blob (
    organization_id bigint NOT NULL,
    run_id uuid NOT NULL,
    digest text COLLATE "C" NOT NULL,
    size bigint NOT NULL
);

CREATE TABLE retention_decision (
    organization_id bigint NOT NULL,
    run_id uuid NOT NULL,
    place bigint NOT NULL,
    repository_id bigint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    digest text COLLATE "C",
    pushed_at timestamp with time zone,
    size integer,
    dropped boolean NOT NULL,
    because text NOT NULL,
    outcome text COLLATE "C"
);

CREATE TABLE retention_policy (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    organization_id bigint NOT NULL,
    repository_id bigint,
    rules text[] NOT NULL,
    every_seconds bigint,
    daily_second integer,
    next_at timestamp with time zone,
    changed_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE retention_run (
    id uuid NOT NULL,
    organization_id bigint NOT NULL,
    repository_id bigint,
    kind text COLLATE "C" NOT NULL,
    rules text[] NOT NULL,
    actor text NOT NULL,
    address text NOT NULL,
    client text NOT NULL,
    claim_names text[] NOT NULL,
    claim_values text[] NOT NULL,
    group_id uuid NOT NULL,
    state text COLLATE "C" DEFAULT 'repositories'::text NOT NULL,
    at_repository bigint DEFAULT 0 NOT NULL,
    at_name text COLLATE "C" DEFAULT ''::text NOT NULL,
    latest text[] DEFAULT '{}'::text[] NOT NULL,
    deleted_in_pass integer DEFAULT 0 NOT NULL,
    step bigint DEFAULT 0 NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    lease_until timestamp with time zone,
    decisions bigint DEFAULT 0 NOT NULL,
    tags_dropped bigint DEFAULT 0 NOT NULL,
    manifests_dropped bigint DEFAULT 0 NOT NULL,
    manifest_bytes bigint DEFAULT 0 NOT NULL,
    blobs_freed bigint DEFAULT 0 NOT NULL,
    blob_bytes bigint DEFAULT 0 NOT NULL,
    deleted bigint DEFAULT 0 NOT NULL,
    skipped bigint DEFAULT 0 NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    decided_at timestamp with time zone,
    finished_at timestamp with time zone,
    undoes uuid,
    undoes_group uuid,
    why text,
    taken_at timestamp with time zone DEFAULT now() NOT NULL,
    superseded_at timestamp with time zone,
    decisions_removed_at timestamp with time zone
);

CREATE TABLE review (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    kind text COLLATE "C" NOT NULL,
    organization_id bigint,
    repository_id bigint,
    digest text COLLATE "C",
    because text COLLATE "C" NOT NULL,
    not_before timestamp with time zone NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE robot (
    id bigint DEFAULT random_id() NOT NULL,
    organization_id bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    secret_hash bytea NOT NULL,
    epoch bigint DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone,
    last_used_at timestamp with time zone,
    disabled_at timestamp with time zone,
    deleted_at timestamp with time zone
);

CREATE TABLE signing_key (
    kid text COLLATE "C" NOT NULL,
    algorithm text COLLATE "C" NOT NULL,
    public_key bytea NOT NULL,
    private_key bytea NOT NULL,
    active_from timestamp with time zone NOT NULL,
    retires_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

CREATE TABLE small_object (
    storage_key text COLLATE "C" NOT NULL,
    bytes bytea NOT NULL
);

CREATE TABLE storage_day (
    organization_id bigint NOT NULL,
    day date NOT NULL,
    bytes bigint NOT NULL
);

CREATE TABLE storage_figure (
    report_id bigint NOT NULL,
    round bigint NOT NULL,
    figure text COLLATE "C" NOT NULL,
    items bigint NOT NULL,
    bytes bigint NOT NULL
);

CREATE TABLE storage_report (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    organization_id bigint,
    not_before timestamp with time zone DEFAULT now() NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    started_at timestamp with time zone,
    stage text COLLATE "C" DEFAULT 'blobs'::text NOT NULL,
    at_repository bigint DEFAULT 0 NOT NULL,
    at_key text COLLATE "C" DEFAULT ''::text NOT NULL,
    round bigint DEFAULT 1 NOT NULL,
    computed_at timestamp with time zone,
    took_seconds bigint
);

CREATE TABLE store_marker (
    token uuid NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    written boolean DEFAULT false NOT NULL
);

CREATE TABLE tag (
    organization_id bigint NOT NULL,
    repository_id bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    manifest_digest text COLLATE "C" NOT NULL,
    pushed_at timestamp with time zone DEFAULT now() NOT NULL,
    total_size bigint NOT NULL
);

CREATE TABLE team (
    id bigint DEFAULT random_id() NOT NULL,
    organization_id bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE team_member (
    organization_id bigint NOT NULL,
    team_id bigint NOT NULL,
    account_id bigint NOT NULL,
    added_at timestamp with time zone DEFAULT now() NOT NULL
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

CREATE TABLE trusted_issuer (
    id bigint DEFAULT random_id() NOT NULL,
    organization_id bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    issuer text COLLATE "C" NOT NULL,
    audience text COLLATE "C" NOT NULL,
    claim_patterns json DEFAULT '{}'::json NOT NULL,
    epoch bigint DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    disabled_at timestamp with time zone
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
    at timestamp with time zone DEFAULT now() NOT NULL,
    folded boolean DEFAULT false NOT NULL
);

CREATE TABLE webhook (
    id bigint DEFAULT random_id() NOT NULL,
    organization_id bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    url text NOT NULL,
    format text COLLATE "C" NOT NULL,
    repository_prefix text COLLATE "C" DEFAULT ''::text NOT NULL,
    kinds text[] NOT NULL,
    tag_pattern text COLLATE "C",
    secret bytea NOT NULL,
    secret_before bytea,
    secret_before_until timestamp with time zone,
    enabled boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone
);

CREATE TABLE webhook_turn (
    webhook_id bigint NOT NULL,
    organization_id bigint NOT NULL,
    due_at timestamp with time zone,
    lease_until timestamp with time zone,
    paused_until timestamp with time zone,
    epoch bigint DEFAULT 0 NOT NULL,
    failures integer DEFAULT 0 NOT NULL
);

ALTER TABLE access_token ADD CONSTRAINT access_token_account_id_name_key UNIQUE (account_id, name);
ALTER TABLE access_token ADD CONSTRAINT access_token_actions_check CHECK (((actions <@ ARRAY['pull'::text, 'push'::text, 'delete'::text, 'administer'::text]) AND (cardinality(actions) > 0)));
ALTER TABLE access_token ADD CONSTRAINT access_token_name_check CHECK (((length(name) >= 1) AND (length(name) <= 255)));
ALTER TABLE access_token ADD CONSTRAINT access_token_pkey PRIMARY KEY (id);
ALTER TABLE access_token ADD CONSTRAINT access_token_repository_prefix_check CHECK ((length(repository_prefix) <= 255));
ALTER TABLE access_token ADD CONSTRAINT access_token_secret_hash_check CHECK ((octet_length(secret_hash) = 32));
ALTER TABLE access_token ADD CONSTRAINT access_token_secret_hash_key UNIQUE (secret_hash);
ALTER TABLE account ADD CONSTRAINT account_check CHECK (((issuer IS NULL) = (subject IS NULL)));
ALTER TABLE account ADD CONSTRAINT account_name_check CHECK (((name ~ '^[a-z0-9][a-z0-9._@-]{0,254}$'::text) AND (name <> 'anonymous'::text)));
ALTER TABLE account ADD CONSTRAINT account_pkey PRIMARY KEY (id);
ALTER TABLE account_epoch ADD CONSTRAINT account_epoch_epoch_check CHECK ((epoch > 0));
ALTER TABLE account_epoch ADD CONSTRAINT account_epoch_pkey PRIMARY KEY (account_id, organization_id);
ALTER TABLE audit_event ADD CONSTRAINT audit_event_actor_check CHECK ((length(actor) <= 1100));
ALTER TABLE audit_event ADD CONSTRAINT audit_event_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['account'::text, 'administrator'::text, 'robot'::text, 'job'::text, 'external'::text, 'anonymous'::text, 'system'::text, 'command'::text])));
ALTER TABLE audit_event ADD CONSTRAINT audit_event_address_check CHECK ((length(address) <= 64));
ALTER TABLE audit_event ADD CONSTRAINT audit_event_client_check CHECK ((length(client) <= 255));
ALTER TABLE audit_event ADD CONSTRAINT audit_event_detail_check CHECK ((length((detail)::text) <= 4096));
ALTER TABLE audit_event ADD CONSTRAINT audit_event_outcome_check CHECK ((outcome = ANY (ARRAY['done'::text, 'denied'::text])));
ALTER TABLE audit_event ADD CONSTRAINT audit_event_pkey PRIMARY KEY (id);
ALTER TABLE audit_event ADD CONSTRAINT audit_event_request_id_check CHECK ((length(request_id) <= 255));
ALTER TABLE audit_event ADD CONSTRAINT audit_event_target_check CHECK ((length(target) <= 600));
ALTER TABLE blob ADD CONSTRAINT blob_pkey PRIMARY KEY (digest);
ALTER TABLE blob ADD CONSTRAINT blob_size_check CHECK ((size >= 0));
ALTER TABLE blob ADD CONSTRAINT blob_storage_key_key UNIQUE (storage_key);
ALTER TABLE console_session ADD CONSTRAINT console_session_address_check CHECK ((length(address) <= 64));
ALTER TABLE console_session ADD CONSTRAINT console_session_client_check CHECK ((length(client) <= 255));
ALTER TABLE console_session ADD CONSTRAINT console_session_pkey PRIMARY KEY (id);
ALTER TABLE console_session ADD CONSTRAINT console_session_secret_hash_check CHECK ((length(secret_hash) = 32));
ALTER TABLE console_session ADD CONSTRAINT console_session_secret_hash_key UNIQUE (secret_hash);
ALTER TABLE delivery ADD CONSTRAINT delivery_check CHECK (((state = 'waiting'::text) = (finished_at IS NULL)));
ALTER TABLE delivery ADD CONSTRAINT delivery_organization_id_reference_key UNIQUE (organization_id, reference);
ALTER TABLE delivery ADD CONSTRAINT delivery_pkey PRIMARY KEY (id);
ALTER TABLE delivery ADD CONSTRAINT delivery_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'delivered'::text, 'dead'::text])));
ALTER TABLE event ADD CONSTRAINT event_pkey PRIMARY KEY (id);
ALTER TABLE hold ADD CONSTRAINT hold_check CHECK (((kind = 'repository'::text) = (digest IS NULL)));
ALTER TABLE hold ADD CONSTRAINT hold_kind_check CHECK ((kind = ANY (ARRAY['repository'::text, 'manifest'::text, 'link'::text])));
ALTER TABLE hold ADD CONSTRAINT hold_pkey PRIMARY KEY (id);
ALTER TABLE immutability_rule ADD CONSTRAINT immutability_rule_organization_id_repository_id_tag_pattern_key UNIQUE NULLS NOT DISTINCT (organization_id, repository_id, tag_pattern);
ALTER TABLE immutability_rule ADD CONSTRAINT immutability_rule_pkey PRIMARY KEY (id);
ALTER TABLE immutability_rule ADD CONSTRAINT immutability_rule_tag_pattern_check CHECK (((length(tag_pattern) >= 1) AND (length(tag_pattern) <= 128)));
ALTER TABLE login_failure ADD CONSTRAINT login_failure_key_check CHECK ((length(key) <= 100));
ALTER TABLE login_failure ADD CONSTRAINT login_failure_kind_check CHECK ((kind = ANY (ARRAY['account'::text, 'address'::text])));
ALTER TABLE login_failure ADD CONSTRAINT login_failure_pkey PRIMARY KEY (kind, key);
ALTER TABLE manifest ADD CONSTRAINT manifest_artifact_type_check CHECK ((length(artifact_type) <= 255));
ALTER TABLE manifest ADD CONSTRAINT manifest_check CHECK ((size = octet_length(payload)));
ALTER TABLE manifest ADD CONSTRAINT manifest_media_type_check CHECK ((length(media_type) <= 255));
ALTER TABLE manifest ADD CONSTRAINT manifest_payload_check CHECK ((octet_length(payload) <= 4194304));
ALTER TABLE manifest ADD CONSTRAINT manifest_pkey PRIMARY KEY (organization_id, repository_id, digest);
ALTER TABLE manifest_blob ADD CONSTRAINT manifest_blob_pkey PRIMARY KEY (organization_id, repository_id, manifest_digest, blob_digest);
ALTER TABLE manifest_child ADD CONSTRAINT manifest_child_pkey PRIMARY KEY (organization_id, repository_id, manifest_digest, child_digest);
ALTER TABLE manifest_pull ADD CONSTRAINT manifest_pull_pkey PRIMARY KEY (organization_id, repository_id, digest);
ALTER TABLE manifest_pull ADD CONSTRAINT manifest_pull_pulls_check CHECK ((pulls > 0));
ALTER TABLE organization ADD CONSTRAINT organization_default_visibility_check CHECK ((default_visibility = ANY (ARRAY['private'::text, 'public'::text])));
ALTER TABLE organization ADD CONSTRAINT organization_pkey PRIMARY KEY (id);
ALTER TABLE organization ADD CONSTRAINT organization_quota_bytes_check CHECK ((quota_bytes >= 0));
ALTER TABLE organization ADD CONSTRAINT organization_quota_repositories_check CHECK ((quota_repositories >= 0));
ALTER TABLE organization ADD CONSTRAINT organization_restorable_check CHECK (((restorable_until IS NULL) OR (deleted_at IS NOT NULL)));
ALTER TABLE organization ADD CONSTRAINT organization_undo_window_seconds_check CHECK (((undo_window_seconds >= 86400) AND (undo_window_seconds <= 31536000)));
ALTER TABLE organization_blob ADD CONSTRAINT organization_blob_links_check CHECK ((links >= 0));
ALTER TABLE organization_blob ADD CONSTRAINT organization_blob_pkey PRIMARY KEY (organization_id, digest);
ALTER TABLE outbox ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);
ALTER TABLE permission_grant ADD CONSTRAINT permission_grant_check CHECK ((num_nonnulls(account_id, team_id, robot_id, trusted_issuer_id) = 1));
ALTER TABLE permission_grant ADD CONSTRAINT permission_grant_holder UNIQUE NULLS NOT DISTINCT (organization_id, repository_prefix, account_id, team_id, robot_id, trusted_issuer_id);
ALTER TABLE permission_grant ADD CONSTRAINT permission_grant_pkey PRIMARY KEY (id);
ALTER TABLE permission_grant ADD CONSTRAINT permission_grant_repository_prefix_check CHECK ((length(repository_prefix) <= 255));
ALTER TABLE permission_grant ADD CONSTRAINT permission_grant_role_check CHECK ((role = ANY (ARRAY['reader'::text, 'writer'::text, 'maintainer'::text, 'owner'::text])));
ALTER TABLE reclaimed_day ADD CONSTRAINT reclaimed_day_pkey PRIMARY KEY (organization_id, day);
ALTER TABLE refresh_token ADD CONSTRAINT refresh_token_check CHECK ((num_nonnulls(account_id, robot_id) = 1));
ALTER TABLE refresh_token ADD CONSTRAINT refresh_token_client_id_check CHECK ((length(client_id) <= 255));
ALTER TABLE refresh_token ADD CONSTRAINT refresh_token_pkey PRIMARY KEY (id);
ALTER TABLE refresh_token ADD CONSTRAINT refresh_token_secret_hash_check CHECK ((octet_length(secret_hash) = 32));
ALTER TABLE refresh_token ADD CONSTRAINT refresh_token_secret_hash_key UNIQUE (secret_hash);
ALTER TABLE refresh_token ADD CONSTRAINT refresh_token_service_check CHECK ((length(service) <= 255));
ALTER TABLE removed_day ADD CONSTRAINT removed_day_pkey PRIMARY KEY (day);
ALTER TABLE replica ADD CONSTRAINT replica_host_check CHECK ((length(host) <= 255));
ALTER TABLE replica ADD CONSTRAINT replica_pkey PRIMARY KEY (id);
ALTER TABLE replica ADD CONSTRAINT replica_version_check CHECK ((length(version) <= 255));
ALTER TABLE repository ADD CONSTRAINT repository_collected_is_deleted CHECK (((collected_at IS NULL) OR (deleted_at IS NOT NULL)));
ALTER TABLE repository ADD CONSTRAINT repository_organization_id_id_key UNIQUE (organization_id, id);
ALTER TABLE repository ADD CONSTRAINT repository_pkey PRIMARY KEY (id);
ALTER TABLE repository ADD CONSTRAINT repository_visibility_check CHECK ((visibility = ANY (ARRAY['private'::text, 'public'::text])));
ALTER TABLE repository_blob ADD CONSTRAINT repository_blob_pkey PRIMARY KEY (organization_id, repository_id, digest);
ALTER TABLE repository_presentation ADD CONSTRAINT repository_presentation_check CHECK (((icon IS NULL) = (icon_type IS NULL)));
ALTER TABLE repository_presentation ADD CONSTRAINT repository_presentation_icon_check CHECK (((length(icon) >= 1) AND (length(icon) <= 1048576)));
ALTER TABLE repository_presentation ADD CONSTRAINT repository_presentation_icon_type_check CHECK ((icon_type = ANY (ARRAY['image/png'::text, 'image/svg+xml'::text])));
ALTER TABLE repository_presentation ADD CONSTRAINT repository_presentation_pkey PRIMARY KEY (organization_id, repository_id);
ALTER TABLE repository_presentation ADD CONSTRAINT repository_presentation_readme_check CHECK ((octet_length(readme) <= 65536));
ALTER TABLE retention_blob ADD CONSTRAINT retention_blob_pkey PRIMARY KEY (organization_id, run_id, digest);
ALTER TABLE retention_decision ADD CONSTRAINT retention_decision_check CHECK (((kind = 'tag'::text) = (digest IS NOT NULL)));
ALTER TABLE retention_decision ADD CONSTRAINT retention_decision_kind_check CHECK ((kind = ANY (ARRAY['tag'::text, 'manifest'::text])));
ALTER TABLE retention_decision ADD CONSTRAINT retention_decision_organization_id_run_id_kind_repository_i_key UNIQUE (organization_id, run_id, kind, repository_id, name);
ALTER TABLE retention_decision ADD CONSTRAINT retention_decision_pkey PRIMARY KEY (organization_id, run_id, place);
ALTER TABLE retention_policy ADD CONSTRAINT retention_policy_check CHECK ((num_nonnulls(every_seconds, daily_second) =
CASE
    WHEN (next_at IS NULL) THEN 0
    ELSE 1
END));
ALTER TABLE retention_policy ADD CONSTRAINT retention_policy_daily_second_check CHECK (((daily_second >= 0) AND (daily_second <= 86399)));
ALTER TABLE retention_policy ADD CONSTRAINT retention_policy_every_seconds_check CHECK ((every_seconds > 0));
ALTER TABLE retention_policy ADD CONSTRAINT retention_policy_organization_id_repository_id_key UNIQUE NULLS NOT DISTINCT (organization_id, repository_id);
ALTER TABLE retention_policy ADD CONSTRAINT retention_policy_pkey PRIMARY KEY (id);
ALTER TABLE retention_run ADD CONSTRAINT retention_run_kind_check CHECK ((kind = ANY (ARRAY['preview'::text, 'run'::text, 'undo'::text])));
ALTER TABLE retention_run ADD CONSTRAINT retention_run_pkey PRIMARY KEY (organization_id, id);
ALTER TABLE retention_run ADD CONSTRAINT retention_run_state_check CHECK ((state = ANY (ARRAY['repositories'::text, 'tags'::text, 'manifests'::text, 'bytes'::text, 'deleting-tags'::text, 'deleting-manifests'::text, 'undoing'::text, 'done'::text, 'failed'::text, 'withdrawn'::text])));
ALTER TABLE retention_run ADD CONSTRAINT retention_run_undoes CHECK ((num_nonnulls(undoes, undoes_group) =
CASE
    WHEN (kind = 'undo'::text) THEN 2
    ELSE 0
END));
ALTER TABLE review ADD CONSTRAINT review_check CHECK (((kind = 'blob'::text) = (organization_id IS NULL)));
ALTER TABLE review ADD CONSTRAINT review_digest_check CHECK (((kind = ANY (ARRAY['organization'::text, 'repository'::text])) = (digest IS NULL)));
ALTER TABLE review ADD CONSTRAINT review_kind_check CHECK ((kind = ANY (ARRAY['organization'::text, 'repository'::text, 'manifest'::text, 'link'::text, 'blob'::text])));
ALTER TABLE review ADD CONSTRAINT review_once UNIQUE NULLS NOT DISTINCT (kind, organization_id, repository_id, digest);
ALTER TABLE review ADD CONSTRAINT review_pkey PRIMARY KEY (id);
ALTER TABLE review ADD CONSTRAINT review_repository_check CHECK (((kind = ANY (ARRAY['organization'::text, 'blob'::text])) = (repository_id IS NULL)));
ALTER TABLE robot ADD CONSTRAINT robot_description_check CHECK ((length(description) <= 1000));
ALTER TABLE robot ADD CONSTRAINT robot_name_check CHECK ((name ~ '^[a-z0-9][a-z0-9._-]{0,254}$'::text));
ALTER TABLE robot ADD CONSTRAINT robot_organization_id_id_key UNIQUE (organization_id, id);
ALTER TABLE robot ADD CONSTRAINT robot_pkey PRIMARY KEY (id);
ALTER TABLE robot ADD CONSTRAINT robot_secret_hash_check CHECK ((octet_length(secret_hash) = 32));
ALTER TABLE robot ADD CONSTRAINT robot_secret_hash_key UNIQUE (secret_hash);
ALTER TABLE signing_key ADD CONSTRAINT signing_key_algorithm_check CHECK ((algorithm = ANY (ARRAY['ES256'::text, 'EdDSA'::text, 'RS256'::text])));
ALTER TABLE signing_key ADD CONSTRAINT signing_key_check CHECK (((active_from < retires_at) AND (retires_at < expires_at)));
ALTER TABLE signing_key ADD CONSTRAINT signing_key_pkey PRIMARY KEY (kid);
ALTER TABLE small_object ADD CONSTRAINT small_object_pkey PRIMARY KEY (storage_key);
ALTER TABLE storage_day ADD CONSTRAINT storage_day_pkey PRIMARY KEY (organization_id, day);
ALTER TABLE storage_figure ADD CONSTRAINT storage_figure_pkey PRIMARY KEY (report_id, round, figure);
ALTER TABLE storage_report ADD CONSTRAINT storage_report_check CHECK (((computed_at IS NULL) = (took_seconds IS NULL)));
ALTER TABLE storage_report ADD CONSTRAINT storage_report_organization_id_key UNIQUE NULLS NOT DISTINCT (organization_id);
ALTER TABLE storage_report ADD CONSTRAINT storage_report_pkey PRIMARY KEY (id);
ALTER TABLE storage_report ADD CONSTRAINT storage_report_stage_check CHECK ((stage = ANY (ARRAY['blobs'::text, 'repositories'::text, 'manifests'::text, 'tombstones'::text])));
ALTER TABLE store_marker ADD CONSTRAINT store_marker_pkey PRIMARY KEY (token);
ALTER TABLE tag ADD CONSTRAINT tag_pkey PRIMARY KEY (organization_id, repository_id, name);
ALTER TABLE team ADD CONSTRAINT team_name_check CHECK (((length(name) >= 1) AND (length(name) <= 255)));
ALTER TABLE team ADD CONSTRAINT team_organization_id_id_key UNIQUE (organization_id, id);
ALTER TABLE team ADD CONSTRAINT team_organization_id_name_key UNIQUE (organization_id, name);
ALTER TABLE team ADD CONSTRAINT team_pkey PRIMARY KEY (id);
ALTER TABLE team_member ADD CONSTRAINT team_member_pkey PRIMARY KEY (organization_id, team_id, account_id);
ALTER TABLE tombstone ADD CONSTRAINT tombstone_pkey PRIMARY KEY (storage_key);
ALTER TABLE trusted_issuer ADD CONSTRAINT trusted_issuer_audience_check CHECK ((length(audience) <= 1000));
ALTER TABLE trusted_issuer ADD CONSTRAINT trusted_issuer_claim_patterns_check CHECK ((json_typeof(claim_patterns) = 'object'::text));
ALTER TABLE trusted_issuer ADD CONSTRAINT trusted_issuer_issuer_check CHECK ((length(issuer) <= 1000));
ALTER TABLE trusted_issuer ADD CONSTRAINT trusted_issuer_name_check CHECK (((length(name) >= 1) AND (length(name) <= 255)));
ALTER TABLE trusted_issuer ADD CONSTRAINT trusted_issuer_organization_id_id_key UNIQUE (organization_id, id);
ALTER TABLE trusted_issuer ADD CONSTRAINT trusted_issuer_organization_id_name_key UNIQUE (organization_id, name);
ALTER TABLE trusted_issuer ADD CONSTRAINT trusted_issuer_pkey PRIMARY KEY (id);
ALTER TABLE upload ADD CONSTRAINT upload_byte_offset_check CHECK ((byte_offset >= 0));
ALTER TABLE upload ADD CONSTRAINT upload_check CHECK (((storage_key IS NULL) = (finished_digest IS NOT NULL)));
ALTER TABLE upload ADD CONSTRAINT upload_pkey PRIMARY KEY (id);
ALTER TABLE upload ADD CONSTRAINT upload_storage_key_key UNIQUE (storage_key);
ALTER TABLE upload_object ADD CONSTRAINT upload_object_pkey PRIMARY KEY (storage_key);
ALTER TABLE usage_entry ADD CONSTRAINT usage_entry_kind_check CHECK ((kind = ANY (ARRAY['link'::text, 'manifest'::text, 'blob'::text])));
ALTER TABLE usage_entry ADD CONSTRAINT usage_entry_pkey PRIMARY KEY (id);
ALTER TABLE webhook ADD CONSTRAINT webhook_check CHECK (((secret_before IS NULL) = (secret_before_until IS NULL)));
ALTER TABLE webhook ADD CONSTRAINT webhook_format_check CHECK ((format = ANY (ARRAY['cloudevents'::text, 'distribution'::text])));
ALTER TABLE webhook ADD CONSTRAINT webhook_kinds_check CHECK ((cardinality(kinds) > 0));
ALTER TABLE webhook ADD CONSTRAINT webhook_name_check CHECK (((length(name) >= 1) AND (length(name) <= 255)));
ALTER TABLE webhook ADD CONSTRAINT webhook_organization_id_id_key UNIQUE (organization_id, id);
ALTER TABLE webhook ADD CONSTRAINT webhook_pkey PRIMARY KEY (id);
ALTER TABLE webhook ADD CONSTRAINT webhook_repository_prefix_check CHECK ((length(repository_prefix) <= 255));
ALTER TABLE webhook ADD CONSTRAINT webhook_url_check CHECK ((length(url) <= 1000));
ALTER TABLE webhook_turn ADD CONSTRAINT webhook_turn_pkey PRIMARY KEY (webhook_id);
ALTER TABLE access_token ADD CONSTRAINT access_token_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id);
ALTER TABLE account_epoch ADD CONSTRAINT account_epoch_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id);
ALTER TABLE account_epoch ADD CONSTRAINT account_epoch_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id);
ALTER TABLE console_session ADD CONSTRAINT console_session_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id);
ALTER TABLE delivery ADD CONSTRAINT delivery_organization_id_webhook_id_fkey FOREIGN KEY (organization_id, webhook_id) REFERENCES webhook(organization_id, id);
ALTER TABLE event ADD CONSTRAINT event_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id);
ALTER TABLE immutability_rule ADD CONSTRAINT immutability_rule_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id);
ALTER TABLE immutability_rule ADD CONSTRAINT immutability_rule_organization_id_repository_id_fkey FOREIGN KEY (organization_id, repository_id) REFERENCES repository(organization_id, id);
ALTER TABLE manifest ADD CONSTRAINT manifest_organization_id_repository_id_fkey FOREIGN KEY (organization_id, repository_id) REFERENCES repository(organization_id, id);
ALTER TABLE manifest_blob ADD CONSTRAINT manifest_blob_organization_id_repository_id_blob_digest_fkey FOREIGN KEY (organization_id, repository_id, blob_digest) REFERENCES repository_blob(organization_id, repository_id, digest);
ALTER TABLE manifest_blob ADD CONSTRAINT manifest_blob_organization_id_repository_id_manifest_diges_fkey FOREIGN KEY (organization_id, repository_id, manifest_digest) REFERENCES manifest(organization_id, repository_id, digest);
ALTER TABLE manifest_child ADD CONSTRAINT manifest_child_organization_id_repository_id_child_digest_fkey FOREIGN KEY (organization_id, repository_id, child_digest) REFERENCES manifest(organization_id, repository_id, digest);
ALTER TABLE manifest_child ADD CONSTRAINT manifest_child_organization_id_repository_id_manifest_dige_fkey FOREIGN KEY (organization_id, repository_id, manifest_digest) REFERENCES manifest(organization_id, repository_id, digest);
ALTER TABLE manifest_pull ADD CONSTRAINT manifest_pull_organization_id_repository_id_digest_fkey FOREIGN KEY (organization_id, repository_id, digest) REFERENCES manifest(organization_id, repository_id, digest) ON DELETE CASCADE;
ALTER TABLE organization_blob ADD CONSTRAINT organization_blob_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id);
ALTER TABLE permission_grant ADD CONSTRAINT permission_grant_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id);
ALTER TABLE permission_grant ADD CONSTRAINT permission_grant_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id);
ALTER TABLE permission_grant ADD CONSTRAINT permission_grant_organization_id_robot_id_fkey FOREIGN KEY (organization_id, robot_id) REFERENCES robot(organization_id, id);
ALTER TABLE permission_grant ADD CONSTRAINT permission_grant_organization_id_team_id_fkey FOREIGN KEY (organization_id, team_id) REFERENCES team(organization_id, id);
ALTER TABLE permission_grant ADD CONSTRAINT permission_grant_organization_id_trusted_issuer_id_fkey FOREIGN KEY (organization_id, trusted_issuer_id) REFERENCES trusted_issuer(organization_id, id);
ALTER TABLE reclaimed_day ADD CONSTRAINT reclaimed_day_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id) ON DELETE CASCADE;
ALTER TABLE refresh_token ADD CONSTRAINT refresh_token_access_token_id_fkey FOREIGN KEY (access_token_id) REFERENCES access_token(id) ON DELETE CASCADE;
ALTER TABLE refresh_token ADD CONSTRAINT refresh_token_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id);
ALTER TABLE refresh_token ADD CONSTRAINT refresh_token_robot_id_fkey FOREIGN KEY (robot_id) REFERENCES robot(id);
ALTER TABLE repository ADD CONSTRAINT repository_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id);
ALTER TABLE repository_blob ADD CONSTRAINT repository_blob_digest_fkey FOREIGN KEY (digest) REFERENCES blob(digest);
ALTER TABLE repository_blob ADD CONSTRAINT repository_blob_organization_id_repository_id_fkey FOREIGN KEY (organization_id, repository_id) REFERENCES repository(organization_id, id);
ALTER TABLE repository_presentation ADD CONSTRAINT repository_presentation_organization_id_repository_id_fkey FOREIGN KEY (organization_id, repository_id) REFERENCES repository(organization_id, id) ON DELETE CASCADE;
ALTER TABLE retention_blob ADD CONSTRAINT retention_blob_organization_id_run_id_fkey FOREIGN KEY (organization_id, run_id) REFERENCES retention_run(organization_id, id) ON DELETE CASCADE;
ALTER TABLE retention_decision ADD CONSTRAINT retention_decision_organization_id_run_id_fkey FOREIGN KEY (organization_id, run_id) REFERENCES retention_run(organization_id, id) ON DELETE CASCADE;
ALTER TABLE retention_policy ADD CONSTRAINT retention_policy_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id);
ALTER TABLE retention_policy ADD CONSTRAINT retention_policy_organization_id_repository_id_fkey FOREIGN KEY (organization_id, repository_id) REFERENCES repository(organization_id, id);
ALTER TABLE retention_run ADD CONSTRAINT retention_run_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id);
ALTER TABLE retention_run ADD CONSTRAINT retention_run_organization_id_repository_id_fkey FOREIGN KEY (organization_id, repository_id) REFERENCES repository(organization_id, id);
ALTER TABLE robot ADD CONSTRAINT robot_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id);
ALTER TABLE storage_day ADD CONSTRAINT storage_day_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id) ON DELETE CASCADE;
ALTER TABLE storage_figure ADD CONSTRAINT storage_figure_report_id_fkey FOREIGN KEY (report_id) REFERENCES storage_report(id) ON DELETE CASCADE;
ALTER TABLE storage_report ADD CONSTRAINT storage_report_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id) ON DELETE CASCADE;
ALTER TABLE tag ADD CONSTRAINT tag_organization_id_repository_id_manifest_digest_fkey FOREIGN KEY (organization_id, repository_id, manifest_digest) REFERENCES manifest(organization_id, repository_id, digest);
ALTER TABLE team ADD CONSTRAINT team_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id);
ALTER TABLE team_member ADD CONSTRAINT team_member_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id);
ALTER TABLE team_member ADD CONSTRAINT team_member_organization_id_team_id_fkey FOREIGN KEY (organization_id, team_id) REFERENCES team(organization_id, id);
ALTER TABLE trusted_issuer ADD CONSTRAINT trusted_issuer_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id);
ALTER TABLE upload ADD CONSTRAINT upload_organization_id_repository_id_fkey FOREIGN KEY (organization_id, repository_id) REFERENCES repository(organization_id, id);
ALTER TABLE upload_object ADD CONSTRAINT upload_object_upload_id_fkey FOREIGN KEY (upload_id) REFERENCES upload(id);
ALTER TABLE usage_entry ADD CONSTRAINT usage_entry_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id);
ALTER TABLE webhook ADD CONSTRAINT webhook_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id);
ALTER TABLE webhook_turn ADD CONSTRAINT webhook_turn_organization_id_webhook_id_fkey FOREIGN KEY (organization_id, webhook_id) REFERENCES webhook(organization_id, id);

CREATE INDEX access_token_list ON access_token USING btree (account_id, id);
CREATE UNIQUE INDEX account_live_name ON account USING btree (name) WHERE (deleted_at IS NULL);
CREATE UNIQUE INDEX account_live_subject ON account USING btree (issuer, subject) WHERE ((issuer IS NOT NULL) AND (deleted_at IS NULL));
CREATE INDEX account_epoch_organization ON account_epoch USING btree (organization_id);
CREATE INDEX audit_event_at ON audit_event USING btree (at, id);
CREATE INDEX audit_event_denied ON audit_event USING btree (at) WHERE (outcome = 'denied'::text);
CREATE INDEX audit_event_done ON audit_event USING btree (at) WHERE (outcome = 'done'::text);
CREATE INDEX audit_event_owner ON audit_event USING btree (organization_id, at, id) WHERE (organization_id IS NOT NULL);
CREATE UNIQUE INDEX audit_event_reference ON audit_event USING btree (reference);
CREATE INDEX console_session_account ON console_session USING btree (account_id, last_used_at);
CREATE INDEX console_session_expires ON console_session USING btree (expires_at);
CREATE INDEX delivery_dead ON delivery USING btree (organization_id, id) WHERE (state = 'dead'::text);
CREATE INDEX delivery_finished ON delivery USING btree (finished_at) WHERE (finished_at IS NOT NULL);
CREATE INDEX delivery_list ON delivery USING btree (organization_id, webhook_id, ((id + 0)));
CREATE INDEX delivery_list_by_state ON delivery USING btree (organization_id, webhook_id, state, ((id + 0)));
CREATE INDEX delivery_next ON delivery USING btree (webhook_id, id) INCLUDE (repository_id) WHERE (state = 'waiting'::text);
CREATE INDEX delivery_queued ON delivery USING btree (queued_at) WHERE (state = 'waiting'::text);
CREATE INDEX delivery_retried ON delivery USING btree (webhook_id, not_before) WHERE ((state = 'waiting'::text) AND (attempts > 0));
CREATE INDEX delivery_waiting ON delivery USING btree (organization_id, id) WHERE (state = 'waiting'::text);
CREATE INDEX event_group ON event USING btree (group_id, id);
CREATE INDEX event_organization ON event USING btree (organization_id, id);
CREATE UNIQUE INDEX event_reference ON event USING btree (organization_id, reference);
CREATE INDEX event_repository ON event USING btree (organization_id, repository_id, id);
CREATE INDEX event_tag ON event USING btree (organization_id, repository_id, tag, id) WHERE (tag IS NOT NULL);
CREATE INDEX event_taken ON event USING btree (organization_id, repository_id, from_digest, at) WHERE (from_digest IS NOT NULL);
CREATE INDEX event_undone ON event USING btree (undoes) WHERE (undoes IS NOT NULL);
CREATE INDEX hold_end ON hold USING btree (held_until);
CREATE INDEX hold_target ON hold USING btree (organization_id, repository_id, kind, digest);
CREATE INDEX immutability_rule_list ON immutability_rule USING btree (organization_id, id);
CREATE INDEX login_failure_last ON login_failure USING btree (last_at);
CREATE INDEX manifest_hidden ON manifest USING btree (organization_id, repository_id, digest) WHERE (deleted_at IS NOT NULL);
CREATE INDEX manifest_pushed ON manifest USING btree (((repository_id + 0)), pushed_at, digest) WHERE (deleted_at IS NULL);
CREATE INDEX manifest_pushed_everywhere ON manifest USING btree (pushed_at, digest, repository_id) WHERE (deleted_at IS NULL);
CREATE INDEX manifest_pushed_in_organization ON manifest USING btree (((organization_id + 0)), pushed_at, digest, repository_id) WHERE (deleted_at IS NULL);
CREATE INDEX manifest_referrers ON manifest USING btree (organization_id, repository_id, subject_digest, digest) WHERE ((subject_digest IS NOT NULL) AND (deleted_at IS NULL));
CREATE INDEX manifest_referrers_of_type ON manifest USING btree (organization_id, repository_id, subject_digest, artifact_type, digest) WHERE ((subject_digest IS NOT NULL) AND (deleted_at IS NULL));
CREATE INDEX manifest_size ON manifest USING btree (((repository_id + 0)), total_size, digest) WHERE (deleted_at IS NULL);
CREATE INDEX manifest_size_everywhere ON manifest USING btree (total_size, digest, repository_id) WHERE (deleted_at IS NULL);
CREATE INDEX manifest_size_in_organization ON manifest USING btree (((organization_id + 0)), total_size, digest, repository_id) WHERE (deleted_at IS NULL);
CREATE INDEX manifest_blob_blob ON manifest_blob USING btree (organization_id, repository_id, blob_digest, manifest_digest);
CREATE INDEX manifest_child_child ON manifest_child USING btree (organization_id, repository_id, child_digest, manifest_digest);
CREATE INDEX organization_hidden ON organization USING btree (id) WHERE (restorable_until IS NOT NULL);
CREATE UNIQUE INDEX organization_kept_name ON organization USING btree (name) WHERE ((deleted_at IS NULL) OR (restorable_until IS NOT NULL));
CREATE UNIQUE INDEX organization_live_name ON organization USING btree (name) WHERE (deleted_at IS NULL);
CREATE INDEX outbox_tenant ON outbox USING btree (organization_id);
CREATE INDEX permission_grant_account ON permission_grant USING btree (account_id, organization_id) WHERE (account_id IS NOT NULL);
CREATE INDEX permission_grant_list ON permission_grant USING btree (organization_id, id);
CREATE INDEX permission_grant_member ON permission_grant USING btree (organization_id, account_id) WHERE (account_id IS NOT NULL);
CREATE INDEX permission_grant_robot ON permission_grant USING btree (organization_id, robot_id) WHERE (robot_id IS NOT NULL);
CREATE INDEX permission_grant_team ON permission_grant USING btree (organization_id, team_id) WHERE (team_id IS NOT NULL);
CREATE INDEX permission_grant_trusted_issuer ON permission_grant USING btree (organization_id, trusted_issuer_id) WHERE (trusted_issuer_id IS NOT NULL);
CREATE INDEX refresh_token_access_token ON refresh_token USING btree (access_token_id) WHERE (access_token_id IS NOT NULL);
CREATE INDEX refresh_token_account ON refresh_token USING btree (account_id) WHERE (account_id IS NOT NULL);
CREATE INDEX refresh_token_end ON refresh_token USING btree (expires_at);
CREATE INDEX refresh_token_robot ON refresh_token USING btree (robot_id) WHERE (robot_id IS NOT NULL);
CREATE INDEX repository_catalog ON repository USING btree (name) INCLUDE (organization_id) WHERE ((deleted_at IS NULL) AND (listed_at IS NOT NULL));
CREATE INDEX repository_deleted_name ON repository USING btree (name, deleted_at) WHERE (deleted_at IS NOT NULL);
CREATE INDEX repository_links_stale ON repository USING btree (links_stale_since) WHERE (links_stale_since IS NOT NULL);
CREATE INDEX repository_live ON repository USING btree (organization_id, id) WHERE (deleted_at IS NULL);
CREATE UNIQUE INDEX repository_live_name ON repository USING btree (name) WHERE (deleted_at IS NULL);
CREATE INDEX repository_public_catalog ON repository USING btree (name) INCLUDE (organization_id) WHERE ((visibility = 'public'::text) AND (deleted_at IS NULL) AND (listed_at IS NOT NULL));
CREATE INDEX repository_blob_digest ON repository_blob USING btree (digest, organization_id, repository_id);
CREATE INDEX repository_blob_hidden ON repository_blob USING btree (organization_id, repository_id, digest) WHERE (deleted_at IS NOT NULL);
CREATE INDEX repository_blob_linked ON repository_blob USING btree (linked_at);
CREATE INDEX repository_blob_public ON repository_blob USING btree (digest, organization_id, repository_id) WHERE (in_public AND (deleted_at IS NULL));
CREATE INDEX retention_decision_dropped ON retention_decision USING btree (organization_id, run_id, place) WHERE dropped;
CREATE INDEX retention_decision_due ON retention_decision USING btree (organization_id, run_id, kind, repository_id, name) WHERE (dropped AND (outcome IS NULL));
CREATE INDEX retention_policy_due ON retention_policy USING btree (next_at) WHERE (next_at IS NOT NULL);
CREATE INDEX retention_run_bare ON retention_run USING btree (finished_at) WHERE (decisions_removed_at IS NOT NULL);
CREATE INDEX retention_run_finished ON retention_run USING btree (kind, finished_at) WHERE ((finished_at IS NOT NULL) AND (superseded_at IS NULL));
CREATE INDEX retention_run_group ON retention_run USING btree (organization_id, group_id);
CREATE INDEX retention_run_made ON retention_run USING btree (organization_id, repository_id, started_at, id);
CREATE UNIQUE INDEX retention_run_open ON retention_run USING btree (organization_id, repository_id) NULLS NOT DISTINCT WHERE ((kind = ANY (ARRAY['run'::text, 'undo'::text])) AND (finished_at IS NULL));
CREATE INDEX retention_run_superseded ON retention_run USING btree (superseded_at) WHERE ((superseded_at IS NOT NULL) AND (decisions_removed_at IS NULL));
CREATE INDEX retention_run_unfinished ON retention_run USING btree (taken_at) WHERE (finished_at IS NULL);
CREATE INDEX review_due ON review USING btree (not_before);
CREATE UNIQUE INDEX robot_live_name ON robot USING btree (organization_id, name) WHERE (deleted_at IS NULL);
CREATE INDEX signing_key_end ON signing_key USING btree (expires_at);
CREATE INDEX storage_report_due ON storage_report USING btree (not_before);
CREATE INDEX tag_manifest ON tag USING btree (organization_id, repository_id, manifest_digest);
CREATE INDEX tag_pushed ON tag USING btree (((repository_id + 0)), pushed_at, name);
CREATE INDEX tag_size ON tag USING btree (((repository_id + 0)), total_size, name);
CREATE INDEX team_member_account ON team_member USING btree (account_id, organization_id, team_id);
CREATE INDEX team_member_member ON team_member USING btree (organization_id, account_id);
CREATE INDEX tombstone_due ON tombstone USING btree (not_before);
CREATE INDEX trusted_issuer_issuer ON trusted_issuer USING btree (issuer);
CREATE INDEX upload_expiry ON upload USING btree (expires_at);
CREATE INDEX upload_open ON upload USING btree (organization_id, expires_at) WHERE (storage_key IS NOT NULL);
CREATE INDEX upload_repository ON upload USING btree (organization_id, repository_id);
CREATE INDEX upload_object_upload ON upload_object USING btree (upload_id);
CREATE UNIQUE INDEX usage_entry_folded ON usage_entry USING btree (organization_id, repository_id, kind) NULLS NOT DISTINCT WHERE folded;
CREATE INDEX usage_entry_unfolded ON usage_entry USING btree (organization_id, repository_id, id) WHERE (NOT folded);
CREATE INDEX webhook_deleted ON webhook USING btree (deleted_at) WHERE (deleted_at IS NOT NULL);
CREATE UNIQUE INDEX webhook_live_name ON webhook USING btree (organization_id, name) WHERE (deleted_at IS NULL);
CREATE INDEX webhook_watching ON webhook USING btree (organization_id) WHERE (enabled AND (deleted_at IS NULL));
CREATE INDEX webhook_turn_due ON webhook_turn USING btree (due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX webhook_turn_tenant ON webhook_turn USING btree (organization_id);
