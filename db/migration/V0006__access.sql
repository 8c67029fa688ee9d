-- Who there is, who may what, and what organizations set. Passwords and secrets are kept as hashes only.

-- What an organization may use; NULL is without limit.
ALTER TABLE organization
    ADD COLUMN quota_bytes bigint CHECK (quota_bytes >= 0),
    ADD COLUMN quota_repositories integer CHECK (quota_repositories >= 0);

-- The catalog of those who may pull public repositories only.
CREATE INDEX repository_public_catalog ON repository (name)
    WHERE visibility = 'public' AND deleted_at IS NULL AND listed_at IS NOT NULL;

CREATE TABLE account (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text COLLATE "C" NOT NULL CHECK (name ~ '^[a-z0-9][a-z0-9._@-]{0,254}$' AND name <> 'anonymous'),
    -- Argon2id in its usual text form; NULL for those who come by an issuer of their own.
    password_hash text,
    administrator boolean NOT NULL DEFAULT false,
    -- Tokens carry it and every request compares it: raising it revokes them all.
    epoch bigint NOT NULL DEFAULT 0,
    issuer text COLLATE "C",
    subject text COLLATE "C",
    created_at timestamptz NOT NULL DEFAULT now(),
    disabled_at timestamptz,
    deleted_at timestamptz,
    CHECK ((issuer IS NULL) = (subject IS NULL))
);

CREATE UNIQUE INDEX account_live_name ON account (name) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX account_live_subject ON account (issuer, subject) WHERE issuer IS NOT NULL AND deleted_at IS NULL;

CREATE TABLE team (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id bigint NOT NULL REFERENCES organization,
    name text COLLATE "C" NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (organization_id, id),
    UNIQUE (organization_id, name)
);

CREATE TABLE team_member (
    organization_id bigint NOT NULL,
    team_id bigint NOT NULL,
    account_id bigint NOT NULL REFERENCES account,
    added_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, team_id, account_id),
    FOREIGN KEY (organization_id, team_id) REFERENCES team (organization_id, id)
);

CREATE INDEX team_member_account ON team_member (account_id, organization_id, team_id);

CREATE TABLE robot (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id bigint NOT NULL REFERENCES organization,
    name text COLLATE "C" NOT NULL CHECK (name ~ '^[a-z0-9][a-z0-9._-]{0,254}$'),
    description text NOT NULL DEFAULT '' CHECK (length(description) <= 1000),
    secret_hash bytea NOT NULL UNIQUE CHECK (octet_length(secret_hash) = 32),
    epoch bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    last_used_at timestamptz,
    disabled_at timestamptz,
    deleted_at timestamptz,
    UNIQUE (organization_id, id)
);

CREATE UNIQUE INDEX robot_live_name ON robot (organization_id, name) WHERE deleted_at IS NULL;

-- Personal: it stands for an account, for less than the account may do.
CREATE TABLE access_token (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES account,
    name text COLLATE "C" NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
    secret_hash bytea NOT NULL UNIQUE CHECK (octet_length(secret_hash) = 32),
    -- The name of a repository or of whole leading components of one; empty for all that the account may.
    repository_prefix text COLLATE "C" NOT NULL DEFAULT '' CHECK (length(repository_prefix) <= 255),
    actions text[] NOT NULL CHECK (actions <@ ARRAY['pull', 'push', 'delete', 'administer'] AND cardinality(actions) > 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    last_used_at timestamptz,
    UNIQUE (account_id, name)
);

-- An issuer of tokens for CI jobs that an organization trusts, where the claims match: an object of claim names and globs.
CREATE TABLE trusted_issuer (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id bigint NOT NULL REFERENCES organization,
    name text COLLATE "C" NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
    issuer text COLLATE "C" NOT NULL CHECK (length(issuer) <= 1000),
    audience text COLLATE "C" NOT NULL CHECK (length(audience) <= 1000),
    claim_patterns json NOT NULL DEFAULT '{}' CHECK (json_typeof(claim_patterns) = 'object'),
    epoch bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    disabled_at timestamptz,
    UNIQUE (organization_id, id),
    UNIQUE (organization_id, name)
);

CREATE INDEX trusted_issuer_issuer ON trusted_issuer (issuer);

CREATE TABLE permission_grant (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id bigint NOT NULL REFERENCES organization,
    -- Whole components of a repository's name behind the organization's; empty for the whole organization.
    repository_prefix text COLLATE "C" NOT NULL DEFAULT '' CHECK (length(repository_prefix) <= 255),
    role text COLLATE "C" NOT NULL CHECK (role IN ('reader', 'writer', 'maintainer', 'owner')),
    account_id bigint REFERENCES account,
    team_id bigint,
    robot_id bigint,
    trusted_issuer_id bigint,
    created_at timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (organization_id, team_id) REFERENCES team (organization_id, id),
    FOREIGN KEY (organization_id, robot_id) REFERENCES robot (organization_id, id),
    FOREIGN KEY (organization_id, trusted_issuer_id) REFERENCES trusted_issuer (organization_id, id),
    CHECK (num_nonnulls(account_id, team_id, robot_id, trusted_issuer_id) = 1),
    -- One holder has one role on one prefix.
    CONSTRAINT permission_grant_holder
        UNIQUE NULLS NOT DISTINCT (organization_id, repository_prefix, account_id, team_id, robot_id, trusted_issuer_id)
);

CREATE INDEX permission_grant_account ON permission_grant (account_id, organization_id) WHERE account_id IS NOT NULL;
CREATE INDEX permission_grant_team ON permission_grant (organization_id, team_id) WHERE team_id IS NOT NULL;
CREATE INDEX permission_grant_robot ON permission_grant (organization_id, robot_id) WHERE robot_id IS NOT NULL;
CREATE INDEX permission_grant_trusted_issuer ON permission_grant (organization_id, trusted_issuer_id)
    WHERE trusted_issuer_id IS NOT NULL;

CREATE TABLE refresh_token (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    secret_hash bytea NOT NULL UNIQUE CHECK (octet_length(secret_hash) = 32),
    account_id bigint REFERENCES account,
    robot_id bigint REFERENCES robot,
    -- The personal token that it was given for, beyond which it never reaches.
    access_token_id bigint REFERENCES access_token ON DELETE CASCADE,
    client_id text NOT NULL CHECK (length(client_id) <= 255),
    service text COLLATE "C" NOT NULL CHECK (length(service) <= 255),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    CHECK (num_nonnulls(account_id, robot_id) = 1)
);

CREATE INDEX refresh_token_account ON refresh_token (account_id) WHERE account_id IS NOT NULL;
CREATE INDEX refresh_token_robot ON refresh_token (robot_id) WHERE robot_id IS NOT NULL;
CREATE INDEX refresh_token_access_token ON refresh_token (access_token_id) WHERE access_token_id IS NOT NULL;
CREATE INDEX refresh_token_end ON refresh_token (expires_at);

-- What tokens are signed with: from active_from to retires_at it signs, to expires_at it is published and verifies.
CREATE TABLE signing_key (
    kid text COLLATE "C" PRIMARY KEY,
    algorithm text COLLATE "C" NOT NULL CHECK (algorithm IN ('ES256', 'EdDSA', 'RS256')),
    public_key bytea NOT NULL,
    -- Encrypted: nonce, then AES-GCM.
    private_key bytea NOT NULL,
    active_from timestamptz NOT NULL,
    retires_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    CHECK (active_from < retires_at AND retires_at < expires_at)
);

CREATE INDEX signing_key_end ON signing_key (expires_at);

-- Tags that stay on their manifest: a glob, in one repository or in all of the organization.
CREATE TABLE immutability_rule (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id bigint NOT NULL REFERENCES organization,
    repository_id bigint,
    tag_pattern text COLLATE "C" NOT NULL CHECK (length(tag_pattern) BETWEEN 1 AND 128),
    created_at timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (organization_id, repository_id) REFERENCES repository (organization_id, id),
    UNIQUE NULLS NOT DISTINCT (organization_id, repository_id, tag_pattern)
);

-- Who has failed to log in how often. The key is a digest of a name or address: people type passwords into the name's field.
CREATE TABLE login_failure (
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('account', 'address')),
    key text COLLATE "C" NOT NULL CHECK (length(key) <= 100),
    failures integer NOT NULL,
    last_at timestamptz NOT NULL DEFAULT now(),
    blocked_until timestamptz,
    PRIMARY KEY (kind, key)
);

CREATE INDEX login_failure_last ON login_failure (last_at);
