-- all: Everybody who has an account, with all their skills and until when each counts.
SELECT a.id, a.login, a.name, a.role, a.team, a.unit_id, a.department, a.skills, a.capacity, coalesce(a.extension, '') AS extension, a.language,
       a.presence, a.presence_since, a.disabled, coalesce(a.locked_until > clock_timestamp(), false) AS paused,
       (SELECT count(*) FROM agent_sessions s WHERE s.agent_id = a.id AND s.expires > clock_timestamp()) AS sessions,
       ARRAY(SELECT c.expires FROM unnest(a.skills) WITH ORDINALITY AS u(skill, n)
             LEFT JOIN certificates c ON c.agent_id = a.id AND c.skill = u.skill ORDER BY u.n) AS expires
FROM agents a
WHERE $1::integer IS NULL OR a.id = $1
ORDER BY a.disabled, a.login

-- hold: An account before it is changed.
SELECT id FROM agents WHERE id = $1 FOR NO KEY UPDATE

-- change: An account as it is from now on; whoever may not serve any more is no longer present.
UPDATE agents
SET name = $2, role = $3, team = $4, skills = $5, capacity = $6, extension = nullif($7, ''), unit_id = $9, department = $10,
    presence = CASE WHEN $8 THEN presence ELSE 'offline' END
WHERE id = $1

-- forget_certificates: Before somebody's certificates are written anew.
DELETE FROM certificates WHERE agent_id = $1

-- certify: Until when somebody's skills count.
INSERT INTO certificates (agent_id, skill, expires) SELECT $1, skill, expires FROM unnest($2::text[], $3::timestamptz[]) AS c(skill, expires)

-- end_sessions: Somebody has to log in again in every browser.
WITH ended AS (DELETE FROM agent_sessions WHERE agent_id = $1)
UPDATE agents SET presence = 'offline', presence_since = clock_timestamp() WHERE id = $1 RETURNING id

-- disable: Nobody logs in to this account any more, and its sessions end.
WITH ended AS (DELETE FROM agent_sessions WHERE agent_id = $1)
UPDATE agents SET disabled = true, presence = 'offline', presence_since = clock_timestamp()
WHERE id = $1 AND NOT disabled RETURNING id

-- enable: The account is in use again.
UPDATE agents SET disabled = false, failed_logins = 0, locked_until = NULL WHERE id = $1 AND disabled RETURNING id
