-- add_contacts: Customers, five tickets each.
INSERT INTO contacts (channel, account, address, name)
SELECT 'web', 'demo', 'ticket:' || n, '客户' || n FROM generate_series(1, $1::bigint) AS n

-- add_people: Agents who follow tickets, in twenty teams.
WITH teams AS (
    INSERT INTO units (parent, path, name, level)
    SELECT u.id, '/bench' || n || '/', '班组' || n, 'team' FROM generate_series(1, 20) AS n, (SELECT id FROM units WHERE path = '/') AS u
    RETURNING id
)
INSERT INTO agents (login, name, password_hash, role, unit_id)
SELECT 'bench' || n, '坐席' || n, '', 'agent', (SELECT array_agg(id ORDER BY id) FROM teams)[1 + (n - 1) / 10]
FROM generate_series(1, 200) AS n

-- first: The first of them, and the path of their team.
SELECT a.id, u.path FROM agents a JOIN units u ON u.id = a.unit_id WHERE a.login = 'bench1'

-- before: Indices that are built faster over rows than with them.
DROP INDEX ticket_texts_grams;

-- after: The same again.
CREATE INDEX ticket_texts_grams ON ticket_texts USING gin (grams(said)) WITH (fastupdate = off);

-- add_tickets: Tickets of two years; one in thirty is not archived yet.
INSERT INTO tickets (contact_id, kind, business, text, cause, state, department, owner, created, transferred, solved, told,
    visited, archived, grade, next_due, next_clause)
SELECT c.first + n % $3::bigint, CASE n % 3 WHEN 0 THEN 'complaint' WHEN 1 THEN 'matter' ELSE 'suggestion' END,
    (ARRAY['broadband.fault', 'charge.dispute', 'mobile.signal', 'package.change'])[1 + n % 4],
    (ARRAY['光猫红灯，宽带断了两天', '多扣了一个月的月租', '地下车库没有信号', '套餐办错了，要改回来'])[1 + n % 4] || '，编号' || n,
    CASE n % 3 WHEN 0 THEN 'charge' ELSE '' END,
    CASE WHEN n % 30 > 0 THEN 'archived' ELSE (ARRAY['routed', 'in_hand'])[1 + n / 30 % 2] END,
    (ARRAY['network', 'billing', 'network', 'market'])[1 + n % 4],
    a.first + n % 200, born.at, born.at,
    CASE WHEN n % 30 > 0 THEN born.at + interval '20 hours' END, CASE WHEN n % 30 > 0 THEN born.at + interval '20 hours' END,
    CASE WHEN n % 30 > 0 THEN born.at + interval '40 hours' END, CASE WHEN n % 30 > 0 THEN born.at + interval '60 hours' END,
    CASE n % 3 WHEN 0 THEN (ARRAY['ordinary', 'escalated', 'major'])[1 + n / 3 % 20 / 7] END,
    CASE WHEN n % 30 > 0 THEN NULL ELSE born.at + interval '24 hours' END,
    CASE WHEN n % 30 > 0 THEN '' ELSE 'ticket.progress' END
FROM generate_series($1::bigint, $2::bigint) AS n,
     (SELECT min(id) AS first FROM contacts WHERE address LIKE 'ticket:%') AS c,
     (SELECT min(id) AS first FROM agents WHERE login LIKE 'bench%') AS a,
     LATERAL (SELECT clock_timestamp() - CASE WHEN n % 30 > 0 THEN interval '3 days' + n * interval '1 minute'
                                              ELSE n % 2000 * interval '1 minute' END AS at) AS born

-- add_lines: The ledger of these tickets: what runs for the open ones, and what was met for the others.
INSERT INTO deadlines (id, contact_id, subject, subject_id, clause, opened, due, steps, next_at, met)
SELECT 10000000 + 2 * t.id + c.n, t.contact_id, 'ticket', t.id, c.clause, t.created, t.created + c.within,
    ARRAY[t.created + c.within], CASE WHEN t.archived IS NULL THEN t.created + c.within END, t.solved
FROM tickets t
CROSS JOIN (VALUES (0, 'ticket.close', interval '48 hours'), (1, 'ticket.progress', interval '24 hours')) AS c (n, clause, within)

-- open: Open tickets to work on.
SELECT id, contact_id, version FROM tickets WHERE archived IS NULL ORDER BY id LIMIT $1
