-- Who changed what, and who was denied what. Rows are added, never changed, and go when they are older than the settings keep
-- them. There is no foreign key: what a row tells of may be gone.
CREATE TABLE audit_event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- What the outside calls it: an id would let tenants count each other's rows.
    reference uuid NOT NULL DEFAULT gen_random_uuid(),
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- Denials that are alike are one row: how many, and when the last one was.
    times bigint NOT NULL DEFAULT 1,
    last_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    organization_id bigint,
    organization text COLLATE "C",
    actor_kind text COLLATE "C" NOT NULL
        CHECK (actor_kind IN ('account', 'administrator', 'robot', 'job', 'external', 'anonymous', 'system', 'command')),
    actor text COLLATE "C" NOT NULL CHECK (length(actor) <= 1100),
    actor_id bigint,
    address text NOT NULL CHECK (length(address) <= 64),
    client text NOT NULL CHECK (length(client) <= 255),
    request_id text CHECK (length(request_id) <= 255),
    action text COLLATE "C" NOT NULL,
    target_kind text COLLATE "C" NOT NULL,
    target text COLLATE "C" NOT NULL CHECK (length(target) <= 600),
    outcome text NOT NULL CHECK (outcome IN ('done', 'denied')),
    detail json NOT NULL CHECK (length(detail::text) <= 4096)
);

CREATE UNIQUE INDEX audit_event_reference ON audit_event (reference);
CREATE INDEX audit_event_at ON audit_event (at, id);
CREATE INDEX audit_event_owner ON audit_event (organization_id, at, id) WHERE organization_id IS NOT NULL;
-- Each for the removal of its own old rows; with the outcome as a column lists would take it for the range of a time.
CREATE INDEX audit_event_done ON audit_event (at) WHERE outcome = 'done';
CREATE INDEX audit_event_denied ON audit_event (at) WHERE outcome = 'denied';
