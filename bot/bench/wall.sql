-- add_people: Agents in twenty teams.
WITH teams AS (
    INSERT INTO units (parent, path, name, level)
    SELECT u.id, '/bench' || n || '/', '班组' || n, 'team' FROM generate_series(1, 20) AS n, (SELECT id FROM units WHERE path = '/') AS u
    RETURNING id
)
INSERT INTO agents (login, name, password_hash, role, unit_id)
SELECT 'bench' || n, '坐席' || n, '', 'agent', (SELECT array_agg(id) FROM teams)[1 + n % 20] FROM generate_series(1, 400) AS n

-- add_contacts: Customers, twenty conversations each.
INSERT INTO contacts (channel, account, address, name)
SELECT 'web', 'demo', 'wall:' || n, '客户' || n FROM generate_series(1, $1::bigint) AS n

-- add_conversations: Conversations, evenly over some days until now; three in four were people's, and of the last 2,000 theirs go on.
INSERT INTO conversations (id, contact_id, status, version, queue, priority, assignee, reoffer, misses, opened, queued, assigned,
    closed, wrapup, first_seq)
SELECT 10000000 + n, c.first + n % 50000, CASE WHEN n % 4 > 0 AND n > $3 - 2000 THEN 'assigned' ELSE 'closed' END, 5, (ARRAY['service', 'broadband', 'mobile'])[1 + n % 3], 0,
    CASE WHEN n % 4 > 0 THEN a.first + n % 400 END, false, 0, born.at, CASE WHEN n % 4 > 0 THEN born.at END,
    CASE WHEN n % 4 > 0 THEN born.at + interval '20 seconds' END, CASE WHEN n % 4 > 0 AND n > $3 - 2000 THEN NULL ELSE born.at + interval '15 minutes' END, '', 1
FROM generate_series($1::bigint, $2::bigint) AS n,
     (SELECT min(id) AS first FROM contacts WHERE address LIKE 'wall:%') AS c,
     (SELECT min(id) AS first FROM agents WHERE login LIKE 'bench%') AS a,
     LATERAL (SELECT now() - ($3 - n) * ($4::int * interval '1 day') / $3::int AS at) AS born

-- add_lines: What people were to answer in: a first response, and of the last two days three more; one in fifty came too late.
INSERT INTO deadlines (id, contact_id, subject, subject_id, clause, opened, due, steps, met, breached)
SELECT 100000000 + v.id * 4 + n, v.contact_id, 'conversation', v.id,
    CASE n WHEN 0 THEN 'enquiry.first_response' ELSE 'enquiry.next_response' END,
    asked.at, asked.at + interval '30 minutes', ARRAY[asked.at + interval '30 minutes'], asked.at + interval '50 seconds',
    CASE WHEN v.id % 50 = 1 THEN asked.at + interval '40 seconds' END
FROM conversations v
CROSS JOIN generate_series(0, CASE WHEN v.opened > now() - interval '2 days' THEN 3 ELSE 0 END) AS n,
LATERAL (SELECT v.opened + n * interval '3 minutes' AS at) AS asked
WHERE v.id BETWEEN 10000000 + $1::bigint AND 10000000 + $2::bigint AND v.assignee IS NOT NULL
