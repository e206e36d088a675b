-- Keys of programs that call the API: shown once, kept as a hash.
CREATE TABLE api_keys (
    id              integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name            text NOT NULL,
    start           text NOT NULL,                  -- its first characters, by which people know it again
    hash            bytea NOT NULL UNIQUE,          -- SHA-256
    scopes          text[] NOT NULL,
    unit_id         integer REFERENCES units ON DELETE SET NULL,   -- a key whose unit is closed opens nothing
    agent_id        integer REFERENCES agents,      -- in whose name it writes
    created         timestamptz NOT NULL DEFAULT clock_timestamp(),
    created_by      text NOT NULL,
    used            timestamptz,                    -- to the minute
    revoked         timestamptz
);

-- What writing calls were answered, by their Idempotency-Key. Kept 24 hours.
CREATE TABLE api_answers (
    key_id          integer NOT NULL REFERENCES api_keys ON DELETE CASCADE,
    name            text NOT NULL,                  -- the Idempotency-Key
    request         bytea NOT NULL,                 -- SHA-256 of method, path and body
    act             text NOT NULL,                  -- names the act for the writer
    taken           timestamptz NOT NULL DEFAULT clock_timestamp(),
    status          integer,                        -- null while it is under way
    body            text,
    PRIMARY KEY (key_id, name)
);
CREATE INDEX api_answers_taken ON api_answers (taken);
