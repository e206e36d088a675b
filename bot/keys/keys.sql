-- add: A new key.
INSERT INTO api_keys (name, start, hash, scopes, unit_id, agent_id, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7)
RETURNING id

-- agent: Whose log-in this is, as long as they work here.
SELECT id FROM agents WHERE login = $1 AND NOT disabled

-- unit: Whether there is such a unit.
SELECT EXISTS (SELECT FROM units WHERE id = $1)

-- find: A key in use with the units that it opens, in whose name it writes, and whether its last use is to be noted.
SELECT k.id, k.name, k.scopes, u.path AS unit, a.id AS agent, coalesce(a.name, '') AS agent_name,
       k.used IS NULL OR k.used < statement_timestamp() - interval '1 minute' AS rested
FROM api_keys k JOIN units u ON u.id = k.unit_id LEFT JOIN agents a ON a.id = k.agent_id AND NOT a.disabled
WHERE k.hash = $1 AND k.revoked IS NULL

-- use: A key is in use.
UPDATE api_keys SET used = clock_timestamp() WHERE id = $1

-- revoke: A key opens nothing any more.
UPDATE api_keys SET revoked = clock_timestamp() WHERE id = $1 AND revoked IS NULL RETURNING name

-- all: All keys, those in use first.
SELECT k.id, k.name, k.start, k.scopes, k.created, k.created_by, k.used, k.revoked, u.name AS unit, a.login AS agent,
       coalesce(a.disabled, false) AS agent_gone
FROM api_keys k LEFT JOIN units u ON u.id = k.unit_id LEFT JOIN agents a ON a.id = k.agent_id
ORDER BY k.revoked IS NOT NULL, k.id DESC

-- writers: Who can be named on what a key writes.
SELECT login, name FROM agents WHERE NOT disabled ORDER BY login
