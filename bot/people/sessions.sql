-- open: A session under the hash of its token.
INSERT INTO agent_sessions (token_hash, agent_id, csrf, strong, means, expires)
VALUES ($1, $2, $3, $4, $5, clock_timestamp() + interval '12 hours')

-- forget: Sessions that have lapsed are not kept.
DELETE FROM agent_sessions WHERE expires <= statement_timestamp()

-- find: The session of a token with its agent; one without a second factor counts as long as the role needs none.
SELECT s.csrf, s.strong, s.means, a.id, a.login, a.name, a.role, a.team, k.skills, a.capacity, a.channel_limits, a.language, a.presence,
       a.presence_since, a.presence_reason, a.presence_by, u.path AS unit, a.department
FROM agent_sessions s JOIN agents a ON a.id = s.agent_id JOIN certified k ON k.agent_id = a.id JOIN units u ON u.id = a.unit_id
WHERE s.token_hash = $1 AND s.expires > statement_timestamp() AND NOT a.disabled
  AND (s.strong OR NOT EXISTS (SELECT 1 FROM role_rules r WHERE r.role = a.role AND r.second_factor))

-- close: End a session; who has no other one left goes offline.
WITH ended AS (
    DELETE FROM agent_sessions WHERE token_hash = $1 RETURNING agent_id
)
UPDATE agents a SET presence = 'offline', presence_reason = '', presence_by = NULL, presence_since = clock_timestamp()
FROM ended e
WHERE a.id = e.agent_id AND a.presence <> 'offline' AND NOT EXISTS (
    SELECT 1 FROM agent_sessions s
    WHERE s.agent_id = e.agent_id AND s.token_hash <> $1 AND s.expires > statement_timestamp())
