-- try: Count a try to log in before the password is looked at, so that tries side by side all count; no row while locked.
UPDATE agents
SET failed_logins = failed_logins + 1,
    locked_until = CASE WHEN failed_logins + 1 >= $2
        THEN clock_timestamp() + least(interval '15 minutes', interval '30 seconds' * 2 ^ least(failed_logins + 1 - $2, 10))
        ELSE locked_until END
WHERE login = $1 AND NOT disabled AND (locked_until IS NULL OR locked_until <= clock_timestamp())
RETURNING id, password_hash

-- try_from: Count a try from an address before the password is looked at; whether it may go on.
INSERT INTO log_in_tries AS t (origin, tries, since) VALUES ($1, 1, clock_timestamp())
ON CONFLICT (origin) DO UPDATE
SET tries = CASE WHEN t.since > clock_timestamp() - $3::interval THEN t.tries + 1 ELSE 1 END,
    since = CASE WHEN t.since > clock_timestamp() - $3::interval THEN t.since ELSE clock_timestamp() END
RETURNING tries <= $2

-- succeed_from: A log-in that succeeded was no guess.
UPDATE log_in_tries SET tries = tries - 1 WHERE origin = $1 AND tries > 0

-- forget_tries: What lies long back counts no longer.
DELETE FROM log_in_tries WHERE since < clock_timestamp() - interval '1 day'

-- admit: The password was right: the count of failures begins anew, and who was in no other browser starts offline.
UPDATE agents a
SET failed_logins = 0, locked_until = NULL,
    password_hash = coalesce($2, password_hash),
    presence = CASE WHEN s.elsewhere THEN presence ELSE 'offline' END,
    presence_reason = CASE WHEN s.elsewhere THEN presence_reason ELSE '' END,
    presence_by = CASE WHEN s.elsewhere THEN presence_by END,
    presence_since = CASE WHEN s.elsewhere OR presence = 'offline' THEN presence_since ELSE clock_timestamp() END
FROM (SELECT EXISTS (SELECT 1 FROM agent_sessions WHERE agent_id = $1 AND expires > clock_timestamp()) AS elsewhere) s
WHERE a.id = $1

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

-- set_password: A new password ends every session and every lock.
WITH ended AS (
    DELETE FROM agent_sessions s USING agents a WHERE a.login = $1 AND s.agent_id = a.id
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
