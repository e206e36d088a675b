-- choose_presence: An agent chose what to be, and why; the time counts from the change.
UPDATE agents
SET presence = $2, presence_reason = $3, presence_by = NULL,
    presence_since = CASE WHEN (presence, presence_reason) = ($2, $3) THEN presence_since ELSE clock_timestamp() END
WHERE id = $1

-- force_presence: A leader sets what somebody is, who is told; no row where there is nobody or nothing changes.
WITH changed AS (
    UPDATE agents SET presence = $2, presence_reason = '', presence_by = $3, presence_since = clock_timestamp()
    WHERE id = $1 AND NOT disabled AND presence <> $2
    RETURNING id
)
INSERT INTO alerts (audience, agent_id, kind, about, raised)
SELECT 'agent', id, 'presence_forced', $4, clock_timestamp() FROM changed
RETURNING agent_id

-- reasons: Why one can be on a break.
SELECT code, label_zh, label_en FROM break_reasons ORDER BY position, code

-- choose_language: An agent chose the desk's language.
UPDATE agents SET language = $2 WHERE id = $1

-- add: Take in a new agent; no row where the log-in is taken.
INSERT INTO agents (login, name, password_hash, role, team, skills, capacity, language)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (login) DO NOTHING
RETURNING id

-- set_password: A new password ends every session but one that is named, every log-in under way and every lock.
WITH ended AS (
    DELETE FROM agent_sessions s USING agents a WHERE a.login = $1 AND s.agent_id = a.id AND s.token_hash IS DISTINCT FROM $3::bytea
), halfway AS (
    DELETE FROM halfway_log_ins h USING agents a WHERE a.login = $1 AND h.agent_id = a.id
)
UPDATE agents SET password_hash = $2, failed_logins = 0, locked_until = NULL WHERE login = $1 RETURNING id

-- set_extension: The extension that rings at an agent's place.
UPDATE agents SET extension = nullif($2, '') WHERE login = $1 RETURNING id

-- set_capacity: How many conversations at once, and how many on single channels; null leaves it, a limit of null is taken away.
UPDATE agents
SET capacity = coalesce($2, capacity), channel_limits = jsonb_strip_nulls(channel_limits || $3::jsonb)
WHERE login = $1 AND NOT disabled
RETURNING id

-- all: Everyone who works at the desk.
SELECT a.id, login, a.name, role, team, k.skills, capacity, channel_limits, language, presence, presence_since, presence_reason,
       presence_by, u.path AS unit, a.department
FROM agents a JOIN certified k ON k.agent_id = a.id JOIN units u ON u.id = a.unit_id WHERE NOT disabled ORDER BY role, login
