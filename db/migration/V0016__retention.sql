-- What organizations and repositories keep, and what came of it.

CREATE TABLE retention_policy (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id bigint NOT NULL REFERENCES organization,
    -- NULL: of all repositories of the organization that have none of their own.
    repository_id bigint,
    -- Each in the one line that a rule's text is.
    rules text[] NOT NULL,
    every_seconds bigint CHECK (every_seconds > 0),
    daily_second integer CHECK (daily_second BETWEEN 0 AND 86399),
    next_at timestamptz,
    changed_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE NULLS NOT DISTINCT (organization_id, repository_id),
    FOREIGN KEY (organization_id, repository_id) REFERENCES repository (organization_id, id),
    CHECK (num_nonnulls(every_seconds, daily_second) = CASE WHEN next_at IS NULL THEN 0 ELSE 1 END)
);

CREATE INDEX retention_policy_due ON retention_policy (next_at) WHERE next_at IS NOT NULL;

-- A preview or a run: first what goes is decided and written down, then it is taken away. Any replica takes the next step.
CREATE TABLE retention_run (
    id uuid NOT NULL,
    organization_id bigint NOT NULL REFERENCES organization,
    repository_id bigint,
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('preview', 'run')),
    -- As they were when it began.
    rules text[] NOT NULL,
    actor text NOT NULL,
    address text NOT NULL,
    client text NOT NULL,
    claim_names text[] NOT NULL,
    claim_values text[] NOT NULL,
    -- Of every event of the run.
    group_id uuid NOT NULL,
    state text COLLATE "C" NOT NULL DEFAULT 'repositories' CHECK (state IN
        ('repositories', 'tags', 'manifests', 'bytes', 'deleting-tags', 'deleting-manifests', 'done', 'failed')),
    -- Where the state has come to: the repository at work, and behind which name; the n-th latest tags of its rules.
    at_repository bigint NOT NULL DEFAULT 0,
    at_name text COLLATE "C" NOT NULL DEFAULT '',
    latest text[] NOT NULL DEFAULT '{}',
    deleted_in_pass integer NOT NULL DEFAULT 0,
    -- Compared by every write: who was held up writes nothing.
    step bigint NOT NULL DEFAULT 0,
    attempts integer NOT NULL DEFAULT 0,
    lease_until timestamptz,
    decisions bigint NOT NULL DEFAULT 0,
    tags_dropped bigint NOT NULL DEFAULT 0,
    manifests_dropped bigint NOT NULL DEFAULT 0,
    manifest_bytes bigint NOT NULL DEFAULT 0,
    blobs_freed bigint NOT NULL DEFAULT 0,
    blob_bytes bigint NOT NULL DEFAULT 0,
    deleted bigint NOT NULL DEFAULT 0,
    skipped bigint NOT NULL DEFAULT 0,
    started_at timestamptz NOT NULL DEFAULT now(),
    decided_at timestamptz,
    finished_at timestamptz,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, repository_id) REFERENCES repository (organization_id, id)
);

-- One run at a time of one policy.
CREATE UNIQUE INDEX retention_run_open ON retention_run (organization_id, repository_id) NULLS NOT DISTINCT
    WHERE kind = 'run' AND finished_at IS NULL;
CREATE INDEX retention_run_unfinished ON retention_run (started_at) WHERE finished_at IS NULL;
CREATE INDEX retention_run_finished ON retention_run (kind, finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX retention_run_made ON retention_run (organization_id, repository_id, started_at, id);

CREATE TABLE retention_decision (
    organization_id bigint NOT NULL,
    run_id uuid NOT NULL,
    -- Counts within the run.
    place bigint NOT NULL,
    repository_id bigint NOT NULL,
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('tag', 'manifest')),
    -- The tag, or the manifest's digest.
    name text COLLATE "C" NOT NULL,
    -- What a tag named and when it was pushed: if either changes, it is not what was decided about.
    digest text COLLATE "C",
    pushed_at timestamptz,
    -- A manifest's own.
    size integer,
    dropped boolean NOT NULL,
    because text NOT NULL,
    -- What became of it, once that was tried.
    outcome text COLLATE "C",
    PRIMARY KEY (organization_id, run_id, place),
    UNIQUE (organization_id, run_id, kind, repository_id, name),
    FOREIGN KEY (organization_id, run_id) REFERENCES retention_run ON DELETE CASCADE,
    CHECK ((kind = 'tag') = (digest IS NOT NULL))
);

CREATE INDEX retention_decision_due ON retention_decision (organization_id, run_id, kind, repository_id, name)
    WHERE dropped AND outcome IS NULL;
CREATE INDEX retention_decision_dropped ON retention_decision (organization_id, run_id, place) WHERE dropped;

-- Blobs that no manifest of the organization references but those that a run drops.
CREATE TABLE retention_blob (
    organization_id bigint NOT NULL,
    run_id uuid NOT NULL,
    digest text COLLATE "C" NOT NULL,
    size bigint NOT NULL,
    PRIMARY KEY (organization_id, run_id, digest),
    FOREIGN KEY (organization_id, run_id) REFERENCES retention_run ON DELETE CASCADE
);

-- Since when a manifest has been without the tags that it had.
CREATE INDEX event_taken ON event (organization_id, repository_id, from_digest, at) WHERE from_digest IS NOT NULL;
