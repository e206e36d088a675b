-- all: Everybody who has an account, with all their skills and until when each counts.
SELECT a.id, a.login, a.name, a.role, a.team, a.unit_id, a.department, a.skills, a.capacity, a.channel_limits, coalesce(a.extension, '') AS extension, a.language,
       a.presence, a.presence_since, a.disabled, coalesce(a.locked_until > statement_timestamp(), false) AS paused,
       (SELECT count(*) FROM agent_sessions s WHERE s.agent_id = a.id AND s.expires > statement_timestamp()) AS sessions,
       EXISTS (SELECT 1 FROM second_factors f WHERE f.agent_id = a.id AND f.confirmed IS NOT NULL) AS factor,
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

-- limit: The most conversations at once of single channels.
UPDATE agents SET channel_limits = $2 WHERE id = $1

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

-- drop_factor: The second factor of somebody who has lost it is gone, with its recovery codes; their sessions end.
WITH gone AS (DELETE FROM second_factors WHERE agent_id = $1 AND confirmed IS NOT NULL RETURNING agent_id),
     codes AS (DELETE FROM recovery_codes c USING gone WHERE c.agent_id = gone.agent_id),
     ended AS (DELETE FROM agent_sessions s USING gone WHERE s.agent_id = gone.agent_id),
     halfway AS (DELETE FROM halfway_log_ins h USING gone WHERE h.agent_id = gone.agent_id)
UPDATE agents a SET presence = 'offline', presence_since = clock_timestamp() FROM gone WHERE a.id = gone.agent_id RETURNING a.id

-- required: The roles that need a second factor.
SELECT role FROM role_rules WHERE second_factor

-- require: Whether a role needs a second factor; no row where it is so already.
INSERT INTO role_rules AS r (role, second_factor)
SELECT $1, $2 WHERE $2 OR EXISTS (SELECT 1 FROM role_rules WHERE role = $1)
ON CONFLICT (role) DO UPDATE SET second_factor = $2 WHERE r.second_factor <> $2
RETURNING role
