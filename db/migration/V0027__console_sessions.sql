-- Who has logged in to the console. Of the secret that the browser brings only a hash is kept; a row that has expired is a
-- session no more, whether or not it was removed.
CREATE TABLE console_session (
    -- By which the owner's pages name it.
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    secret_hash bytea NOT NULL UNIQUE CHECK (length(secret_hash) = 32),
    account_id bigint NOT NULL REFERENCES account (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz NOT NULL DEFAULT now(),
    -- Moves on with use, and never behind the end.
    expires_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    -- From where it was begun, so that its owner knows it again.
    address text NOT NULL CHECK (length(address) <= 64),
    client text NOT NULL CHECK (length(client) <= 255)
);

CREATE INDEX console_session_account ON console_session (account_id, last_used_at);
CREATE INDEX console_session_expires ON console_session (expires_at);
