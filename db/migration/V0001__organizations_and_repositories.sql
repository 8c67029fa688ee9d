-- Who there is. Names are compared byte by byte; a name can be used again once its owner is deleted.

CREATE TABLE organization (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    default_visibility text COLLATE "C" NOT NULL DEFAULT 'private'
        CHECK (default_visibility IN ('private', 'public')),
    created_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz
);

CREATE UNIQUE INDEX organization_live_name ON organization (name) WHERE deleted_at IS NULL;

CREATE TABLE repository (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id bigint NOT NULL REFERENCES organization,
    name text COLLATE "C" NOT NULL,
    visibility text COLLATE "C" NOT NULL CHECK (visibility IN ('private', 'public')),
    description text NOT NULL DEFAULT '',
    -- When its first manifest came: from then on the catalog lists it.
    listed_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    UNIQUE (organization_id, id)
);

CREATE UNIQUE INDEX repository_live_name ON repository (name) WHERE deleted_at IS NULL;
CREATE INDEX repository_catalog ON repository (name) WHERE deleted_at IS NULL AND listed_at IS NOT NULL;
