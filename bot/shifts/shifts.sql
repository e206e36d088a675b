-- put: A kind of shift, in use again where it was retired; what was planned by it stays.
INSERT INTO shifts (code, name, periods) VALUES ($1, $2, $3)
ON CONFLICT (code) DO UPDATE SET name = $2, periods = $3, retired = NULL

-- add: A kind of shift; nothing where there is one of that code.
INSERT INTO shifts (code, name, periods) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING code

-- retire: Nobody is planned for it any more.
UPDATE shifts SET retired = clock_timestamp() WHERE code = $1 AND retired IS NULL RETURNING code

-- kinds: All kinds of shifts with how many days of people are planned by each from today on, those in use first.
SELECT s.code, s.name, s.periods, s.retired IS NOT NULL AS retired,
       (SELECT count(DISTINCT (agent_id, day)) FROM duties d WHERE d.shift = s.code AND d.day >= $1) AS planned
FROM shifts s ORDER BY s.retired IS NOT NULL, s.code

-- all: All kinds of shifts.
SELECT code, name, periods, retired IS NOT NULL AS retired FROM shifts ORDER BY code

-- logins: Who can be planned.
SELECT login, id FROM agents WHERE NOT disabled

-- clear: Nobody named is on duty on the days named beside them any more.
DELETE FROM duties d USING unnest($1::int[], $2::date[]) AS n(agent_id, day) WHERE d.agent_id = n.agent_id AND d.day = n.day

-- plan: Periods in which people are on duty.
INSERT INTO duties (agent_id, day, shift, begins, ends)
SELECT * FROM unnest($1::int[], $2::date[], $3::text[], $4::timestamptz[], $5::timestamptz[])

-- coming: When somebody is on duty, from now on.
SELECT d.day, d.begins, d.ends, s.name FROM duties d JOIN shifts s ON s.code = d.shift
WHERE d.agent_id = $1 AND d.ends > $2 ORDER BY d.begins LIMIT 20

-- on_duty: Who should be at the desk at a moment, below a path of the organisation; who is not comes first.
SELECT a.id, a.login, a.name, a.presence, s.name AS shift, d.begins, d.ends
FROM duties d JOIN agents a ON a.id = d.agent_id JOIN units u ON u.id = a.unit_id JOIN shifts s ON s.code = d.shift
WHERE d.begins <= $1 AND d.ends > $1 AND NOT a.disabled AND starts_with(u.path, $2)
ORDER BY a.presence <> 'offline', d.begins, a.login

-- miss: Tell of those who should have come so long ago and are not here, once a period: the leaders of their unit, or of the
-- nearest one above it that has any.
WITH late AS (
    UPDATE duties d SET missed = clock_timestamp()
    FROM agents a JOIN units u ON u.id = a.unit_id
    WHERE d.agent_id = a.id AND d.missed IS NULL AND d.begins <= statement_timestamp() - $1::interval AND d.ends > statement_timestamp()
      AND a.presence = 'offline' AND a.presence_since <= statement_timestamp() - $1::interval AND NOT a.disabled
    RETURNING a.id, a.name, u.path
), told AS (
    SELECT l.id, late.name, rank() OVER (PARTITION BY late.id ORDER BY length(p.path) DESC) AS near
    FROM late JOIN units p ON starts_with(late.path, p.path) JOIN agents l ON l.unit_id = p.id
    WHERE l.role = ANY($2::text[]) AND NOT l.disabled AND l.id <> late.id
)
INSERT INTO alerts (audience, agent_id, kind, about, raised)
SELECT 'agent', id, 'absent', name, clock_timestamp() FROM told WHERE near = 1
RETURNING agent_id

-- week: What people below a path of the organisation do from one day up to another.
SELECT DISTINCT d.agent_id, d.day, d.shift
FROM duties d JOIN agents a ON a.id = d.agent_id JOIN units u ON u.id = a.unit_id
WHERE d.day BETWEEN $1 AND $2 AND starts_with(u.path, $3)

-- crew: Who can be planned below a path of the organisation, unit by unit.
SELECT a.id, a.name, a.login, u.id AS unit_id, r.full_name AS unit
FROM agents a JOIN units u ON u.id = a.unit_id JOIN unit_regions r ON r.id = u.id
WHERE NOT a.disabled AND starts_with(u.path, $1) AND a.role = ANY($2::text[])
ORDER BY string_to_array(trim(u.path, '/'), '/')::text[], u.id, a.role = 'agent', a.name, a.id
LIMIT 2000
