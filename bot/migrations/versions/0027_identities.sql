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
