-- What somebody's telephone and we both know, so that its codes prove that the telephone is at hand (RFC 6238).
CREATE TABLE second_factors (
    agent_id        integer PRIMARY KEY REFERENCES agents ON DELETE CASCADE,
    secret          bytea NOT NULL,                 -- sealed with a key that follows from the secret key
    confirmed       timestamptz,                    -- empty until a first code has shown that the telephone has it
    last_step       bigint NOT NULL DEFAULT 0       -- of the last code that was taken, in 30 s since 1970; none counts twice
);

-- Codes for who has lost the telephone; each counts once.
CREATE TABLE recovery_codes (
    agent_id        integer NOT NULL REFERENCES agents ON DELETE CASCADE,
    code_hash       bytea NOT NULL,
    used            timestamptz,
    PRIMARY KEY (agent_id, code_hash)
);

-- Log-ins that have proved the first thing and not yet the second.
CREATE TABLE halfway_log_ins (
    token_hash      bytea PRIMARY KEY,
    agent_id        integer NOT NULL REFERENCES agents ON DELETE CASCADE,
    means           text NOT NULL,                  -- what the first thing was, as the trail tells it
    expires         timestamptz NOT NULL
);

-- What is asked of everybody of a role.
CREATE TABLE role_rules (
    role            text PRIMARY KEY,
    second_factor   boolean NOT NULL
);

-- Whether a second factor was proved when the session began.
ALTER TABLE agent_sessions ADD COLUMN strong boolean NOT NULL DEFAULT false;
