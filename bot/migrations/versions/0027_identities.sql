-- Who somebody is at a provider of identities (OpenID Connect): issuer and subject, and never an address of mail.
CREATE TABLE agent_identities (
    issuer          text NOT NULL,
    subject         text NOT NULL,
    agent_id        integer NOT NULL REFERENCES agents ON DELETE CASCADE,
    linked          timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (issuer, subject),
    UNIQUE (agent_id, issuer)
);

-- Browsers that were sent to a provider and have not come back.
CREATE TABLE oidc_trips (
    state_hash      bytea PRIMARY KEY,
    provider        text NOT NULL,
    nonce           text NOT NULL,
    verifier        text NOT NULL,
    agent_id        integer REFERENCES agents ON DELETE CASCADE,    -- who links an identity; empty for a log-in
    expires         timestamptz NOT NULL
);

-- By what somebody logged in, as the trail tells it.
ALTER TABLE agent_sessions ADD COLUMN means text NOT NULL DEFAULT '';

-- All roles of the standard.
ALTER TABLE agents DROP CONSTRAINT agents_role_check;
ALTER TABLE agents ADD CONSTRAINT agents_role_check
    CHECK (role IN ('agent', 'leader', 'manager', 'trainer', 'inspector', 'handler', 'admin', 'auditor'));

-- Kinds of shifts: when somebody who has one is on duty, with several periods a day.
CREATE TABLE shifts (
    code            text PRIMARY KEY,
    name            text NOT NULL,
    periods         text[] NOT NULL                 -- such as 08:00-12:00, in the operator's zone; past midnight where the end is earlier
);

-- Who is on duty from when to when; what was planned stays as it was when its shift changes.
CREATE TABLE duties (
    agent_id        integer NOT NULL REFERENCES agents ON DELETE CASCADE,
    day             date NOT NULL,                  -- on which the period begins, in the operator's zone
    shift           text NOT NULL REFERENCES shifts,
    begins          timestamptz NOT NULL,
    ends            timestamptz NOT NULL,
    missed          timestamptz,                    -- when leaders were told that nobody had come
    PRIMARY KEY (agent_id, begins),
    CHECK (begins < ends)
);
CREATE INDEX duties_by_end ON duties (ends);
