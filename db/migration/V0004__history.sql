-- What happened, appended only, and what is held back from collection so that it can be undone.

CREATE TABLE event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- The same for everything that one request did.
    group_id uuid NOT NULL,
    organization_id bigint NOT NULL REFERENCES organization,
    repository_id bigint,
    kind text COLLATE "C" NOT NULL,
    tag text COLLATE "C",
    from_digest text COLLATE "C",
    to_digest text COLLATE "C",
    -- Not now(): the time is taken after the tag's lock, which gives each tag's history its order.
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor text NOT NULL,
    address text NOT NULL,
    client text NOT NULL,
    claims json,
    why text
);

CREATE INDEX event_tag ON event (organization_id, repository_id, tag, id) WHERE tag IS NOT NULL;
CREATE INDEX event_repository ON event (organization_id, repository_id, id);
CREATE INDEX event_group ON event (group_id);

-- Ids without foreign keys: a hold locks nothing.
CREATE TABLE hold (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id bigint NOT NULL,
    repository_id bigint NOT NULL,
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('repository', 'manifest', 'link')),
    digest text COLLATE "C",
    event_id bigint NOT NULL,
    held_until timestamptz NOT NULL,
    CHECK ((kind = 'repository') = (digest IS NULL))
);

CREATE INDEX hold_target ON hold (organization_id, repository_id, kind, digest);
CREATE INDEX hold_end ON hold (held_until);
