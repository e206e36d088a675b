-- owner: Whose an identity is, if their account is in use.
SELECT a.id, a.login FROM agent_identities i JOIN agents a ON a.id = i.agent_id
WHERE i.issuer = $1 AND i.subject = $2 AND NOT a.disabled

-- of: Who somebody is at providers.
SELECT issuer, subject, linked FROM agent_identities WHERE agent_id = $1 ORDER BY linked

-- link: Somebody is this at a provider; no row where it is linked already, or they are somebody else there.
INSERT INTO agent_identities (issuer, subject, agent_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING agent_id

-- unlink: They are not any more, and log-ins by it end.
WITH gone AS (DELETE FROM agent_identities WHERE agent_id = $1 AND issuer = $2 RETURNING subject),
     ended AS (DELETE FROM agent_sessions WHERE agent_id = $1 AND means = $3 AND EXISTS (SELECT 1 FROM gone))
SELECT subject FROM gone

-- set_out: A browser goes to a provider.
INSERT INTO oidc_trips (state_hash, provider, nonce, verifier, agent_id, expires)
VALUES ($1, $2, $3, $4, $5, clock_timestamp() + interval '10 minutes')

-- come_back: It has come back, once.
DELETE FROM oidc_trips WHERE state_hash = $1 AND provider = $2 AND expires > statement_timestamp() RETURNING nonce, verifier, agent_id

-- forget_trips: Browsers that never came back.
DELETE FROM oidc_trips WHERE expires <= statement_timestamp()

-- exists: Whether there is such an account.
SELECT EXISTS (SELECT 1 FROM agents WHERE id = $1)

-- named: The account of a log-in.
SELECT id FROM agents WHERE login = $1
