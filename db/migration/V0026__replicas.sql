-- The programs that serve this registry: each writes from time to time that it is there, and rows of those that are gone
-- for long are removed.
CREATE TABLE replica (
    id uuid PRIMARY KEY,
    host text NOT NULL CHECK (length(host) <= 255),
    version text NOT NULL CHECK (length(version) <= 255),
    started_at timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz NOT NULL DEFAULT now()
);
