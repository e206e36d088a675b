-- try: Count a try before the password or the code is looked at, so that tries side by side all count; no row while locked.
UPDATE agents
SET failed_logins = failed_logins + 1,
    locked_until = CASE WHEN failed_logins + 1 >= $2
        THEN clock_timestamp() + least(interval '15 minutes', interval '30 seconds' * 2 ^ least(failed_logins + 1 - $2, 10))
        ELSE locked_until END
WHERE login = $1 AND NOT disabled AND (locked_until IS NULL OR locked_until <= statement_timestamp())
RETURNING id, password_hash

-- try_from: Count a try from an address before anything is looked at; whether it may go on.
INSERT INTO log_in_tries AS t (origin, tries, since) VALUES ($1, 1, clock_timestamp())
ON CONFLICT (origin) DO UPDATE
SET tries = CASE WHEN t.since > statement_timestamp() - $3::interval THEN t.tries + 1 ELSE 1 END,
    since = CASE WHEN t.since > statement_timestamp() - $3::interval THEN t.since ELSE clock_timestamp() END
RETURNING tries <= $2

-- succeed_from: A log-in that succeeded was no guess.
UPDATE log_in_tries SET tries = tries - 1 WHERE origin = $1 AND tries > 0

-- forgive: The password was right and something else is still to be proved: this try was no guess, and earlier ones still count.
UPDATE agents SET failed_logins = greatest(failed_logins - 1, 0), locked_until = NULL WHERE id = $1

-- forget_tries: What lies long back counts no longer.
DELETE FROM log_in_tries WHERE since < statement_timestamp() - interval '1 day'

-- admit: All was right: the count of failures begins anew, and who was in no other browser starts offline.
UPDATE agents a
SET failed_logins = 0, locked_until = NULL,
    presence = CASE WHEN s.elsewhere THEN presence ELSE 'offline' END,
    presence_reason = CASE WHEN s.elsewhere THEN presence_reason ELSE '' END,
    presence_by = CASE WHEN s.elsewhere THEN presence_by END,
    presence_since = CASE WHEN s.elsewhere OR presence = 'offline' THEN presence_since ELSE clock_timestamp() END
FROM (SELECT EXISTS (SELECT 1 FROM agent_sessions WHERE agent_id = $1 AND expires > statement_timestamp()) AS elsewhere) s
WHERE a.id = $1

-- rehash: The password as it is kept from now on.
UPDATE agents SET password_hash = $2 WHERE id = $1

-- halt: A log-in has come halfway.
INSERT INTO halfway_log_ins (token_hash, agent_id, means, expires)
VALUES ($1, $2, $3, clock_timestamp() + interval '10 minutes')

-- halfway: Whose log-in has come halfway.
SELECT a.id, a.login, a.language, h.means
FROM halfway_log_ins h JOIN agents a ON a.id = h.agent_id
WHERE h.token_hash = $1 AND h.expires > statement_timestamp() AND NOT a.disabled

-- go_on: A log-in that had come halfway goes on, once.
DELETE FROM halfway_log_ins WHERE token_hash = $1 RETURNING agent_id

-- forget_halfway: Log-ins that nobody went on with are not kept.
DELETE FROM halfway_log_ins WHERE expires <= statement_timestamp()

-- renew: A session goes on under another token, and all others of this person end.
WITH ended AS (DELETE FROM agent_sessions WHERE agent_id = $3 AND token_hash <> $1)
UPDATE agent_sessions SET token_hash = $2, strong = strong OR $4 WHERE token_hash = $1
