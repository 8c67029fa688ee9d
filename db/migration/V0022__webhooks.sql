-- Who wants to be told what happens, what has happened that is not told yet, and what became of telling it.

CREATE TABLE webhook (
    id bigint PRIMARY KEY DEFAULT random_id(),
    organization_id bigint NOT NULL REFERENCES organization,
    name text COLLATE "C" NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
    url text NOT NULL CHECK (length(url) <= 1000),
    format text COLLATE "C" NOT NULL CHECK (format IN ('cloudevents', 'distribution')),
    -- Whole components; empty for all that happens in the organization.
    repository_prefix text COLLATE "C" NOT NULL DEFAULT '' CHECK (length(repository_prefix) <= 255),
    kinds text[] NOT NULL CHECK (cardinality(kinds) > 0),
    -- NULL: whatever the tag, and what is about none.
    tag_pattern text COLLATE "C",
    -- Encrypted: what signs must be known, so a hash would not do.
    secret bytea NOT NULL,
    -- The one before signs too for a while.
    secret_before bytea,
    secret_before_until timestamptz,
    enabled boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    -- What was sent goes in pieces, then the row.
    deleted_at timestamptz,
    UNIQUE (organization_id, id),
    CHECK ((secret_before IS NULL) = (secret_before_until IS NULL))
);

CREATE UNIQUE INDEX webhook_live_name ON webhook (organization_id, name) WHERE deleted_at IS NULL;
-- All that a push asks of this table.
CREATE INDEX webhook_watching ON webhook (organization_id) WHERE enabled AND deleted_at IS NULL;
CREATE INDEX webhook_deleted ON webhook (deleted_at) WHERE deleted_at IS NOT NULL;

-- Whose turn it is to be told: one worker at a time has a webhook, so that what it is told has an order.
CREATE TABLE webhook_turn (
    webhook_id bigint PRIMARY KEY,
    organization_id bigint NOT NULL,
    -- NULL: there is nothing to tell. While a worker has it, when his lease ends.
    due_at timestamptz,
    lease_until timestamptz,
    -- Nothing could be told in the last turn: whatever comes meanwhile waits too.
    paused_until timestamptz,
    epoch bigint NOT NULL DEFAULT 0,
    -- Turns in a row in which nothing could be told.
    failures integer NOT NULL DEFAULT 0,
    FOREIGN KEY (organization_id, webhook_id) REFERENCES webhook (organization_id, id)
);

CREATE INDEX webhook_turn_due ON webhook_turn (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX webhook_turn_tenant ON webhook_turn (organization_id);

-- What happened where somebody wants to be told, written with it and gone a moment later. No foreign keys: it locks nothing.
CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- The event's reference, where it is one of the history.
    message uuid NOT NULL DEFAULT gen_random_uuid(),
    request uuid NOT NULL,
    organization_id bigint NOT NULL,
    repository_id bigint,
    kind text COLLATE "C" NOT NULL,
    tag text COLLATE "C",
    from_digest text COLLATE "C",
    to_digest text COLLATE "C",
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor text NOT NULL,
    client text NOT NULL,
    why text,
    undoes uuid
);

CREATE INDEX outbox_tenant ON outbox (organization_id);

-- One thing that happened, for one webhook.
CREATE TABLE delivery (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reference uuid NOT NULL DEFAULT gen_random_uuid(),
    organization_id bigint NOT NULL,
    webhook_id bigint NOT NULL,
    -- 0 for what happened to the organization as a whole.
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
    at timestamptz NOT NULL,
    actor text NOT NULL,
    client text NOT NULL,
    why text,
    undoes uuid,
    state text COLLATE "C" NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'dead')),
    queued_at timestamptz NOT NULL DEFAULT now(),
    not_before timestamptz NOT NULL DEFAULT now(),
    attempts integer NOT NULL DEFAULT 0,
    last_at timestamptz,
    last_status integer,
    -- Why the last attempt failed, or why it was given up: one of a few sentences of ours, never what the target said.
    because text,
    finished_at timestamptz,
    UNIQUE (organization_id, reference),
    FOREIGN KEY (organization_id, webhook_id) REFERENCES webhook (organization_id, id),
    CHECK ((state = 'waiting') = (finished_at IS NULL))
);

CREATE INDEX delivery_next ON delivery (webhook_id, id) INCLUDE (repository_id) WHERE state = 'waiting';
CREATE INDEX delivery_retried ON delivery (webhook_id, not_before) WHERE state = 'waiting' AND attempts > 0;
CREATE INDEX delivery_queued ON delivery (queued_at) WHERE state = 'waiting';
CREATE INDEX delivery_waiting ON delivery (organization_id, id) WHERE state = 'waiting';
CREATE INDEX delivery_dead ON delivery (organization_id, id) WHERE state = 'dead';
CREATE INDEX delivery_list ON delivery (organization_id, webhook_id, (id + 0));
CREATE INDEX delivery_list_by_state ON delivery (organization_id, webhook_id, state, (id + 0));
CREATE INDEX delivery_finished ON delivery (finished_at) WHERE finished_at IS NOT NULL;
