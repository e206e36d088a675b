-- watch: Every step that a deadline takes is noted by PostgreSQL itself, whoever takes it.
CREATE TABLE bench_fires (deadline_id bigint, generation int, before int, step int, at timestamptz);
CREATE FUNCTION note_fire() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO bench_fires VALUES (NEW.id, NEW.generation, OLD.step, NEW.step, clock_timestamp());
    RETURN NEW;
END $$;
CREATE TRIGGER bench_fires_noted AFTER UPDATE ON deadlines FOR EACH ROW
    WHEN (OLD.step <> NEW.step OR OLD.generation <> NEW.generation) EXECUTE FUNCTION note_fire();

-- edition: Let the published standard measure what began in the last days.
UPDATE standards SET effective_from = clock_timestamp() - interval '3 days' WHERE pack = '' RETURNING id

-- add_conversations: Conversations that wait for a person; their limits run out evenly over a third of the run, each
-- with two warnings before, one third and two thirds of the run earlier.
WITH new_contacts AS (
    INSERT INTO contacts (channel, account, address, conversation_id)
    SELECT 'web', 'demo', 'waiting:' || n, $1::bigint + n FROM generate_series(1, $2::bigint) AS n
    RETURNING id, conversation_id, $3::timestamptz + $4::interval * (2 + (conversation_id - $1)::float8 / $2) AS due
), new_conversations AS (
    INSERT INTO conversations (id, contact_id, status, version, queue, priority, reoffer, misses, opened, spoke, queued,
        waiting_since, wrapup, first_seq)
    SELECT conversation_id, id, 'queued', 1, 'service', 0, false, 0, due - interval '30 minutes',
        due - interval '30 minutes', due - interval '30 minutes', due - interval '30 minutes', '', 1
    FROM new_contacts
)
INSERT INTO deadlines (id, contact_id, subject, subject_id, clause, edition, opened, due, steps, next_at)
SELECT conversation_id, id, 'conversation', conversation_id, 'enquiry.first_response', $5, due - interval '30 minutes', due,
    ARRAY[due - 2 * $4::interval, due - $4::interval, due], due - 2 * $4::interval
FROM new_contacts

-- add_tickets: Tickets that a department has in hand, every other one a complaint: a matter has two limits that run out
-- in the same way, a complaint has three.
WITH person AS (
    INSERT INTO agents (login, name, password_hash, role) VALUES ('bench', '坐席', '', 'agent') RETURNING id
), new_contacts AS (
    INSERT INTO contacts (channel, account, address)
    SELECT 'web', 'demo', 'ticket:' || n FROM generate_series(1, $2::bigint) AS n
    RETURNING id, split_part(address, ':', 2)::bigint AS n
), new_tickets AS (
    INSERT INTO tickets (contact_id, kind, business, text, cause, state, department, owner, handler, created, transferred,
        grade, verified, replied)
    SELECT c.id, CASE c.n % 2 WHEN 0 THEN 'complaint' ELSE 'matter' END, 'charge.dispute', '多扣了一个月的月租',
        CASE c.n % 2 WHEN 0 THEN 'charge' ELSE '' END, 'in_hand', 'billing', p.id, p.id,
        at.due - interval '48 hours', at.due - interval '24 hours',
        CASE c.n % 2 WHEN 0 THEN 'ordinary' END,
        CASE c.n % 2 WHEN 0 THEN at.due - interval '47 hours' END, CASE c.n % 2 WHEN 0 THEN at.due - interval '47 hours' END
    FROM new_contacts c, person p, LATERAL (SELECT $3::timestamptz + $4::interval * (2 + c.n::float8 / $2) AS due) AS at
    RETURNING id, contact_id, kind, created, transferred
)
INSERT INTO deadlines (id, contact_id, subject, subject_id, clause, edition, opened, due, steps, next_at)
SELECT $1::bigint + row_number() OVER (ORDER BY t.id, k.clause), t.contact_id, k.subject, t.id, k.clause, $5,
    at.due - k.within, at.due, ARRAY[at.due - 2 * $4::interval, at.due - $4::interval, at.due], at.due - 2 * $4::interval
FROM new_tickets t
CROSS JOIN (VALUES
    ('ticket', 'ticket.close', interval '48 hours'), ('ticket', 'ticket.progress', interval '24 hours'),
    ('complaint', 'complaint.resolve', interval '48 hours')) AS k (subject, clause, within),
    LATERAL (SELECT t.created + interval '48 hours' AS due) AS at
WHERE k.subject = 'ticket' OR t.kind = 'complaint'

-- unfinished: Deadlines whose last step has not come.
SELECT count(*) FROM deadlines WHERE id > $1 AND breached IS NULL

-- deadlines: How many there are, of each kind of record.
SELECT subject, count(*) AS number FROM deadlines WHERE id > $1 GROUP BY subject ORDER BY subject

-- figures: What became of all steps: seconds of lateness, and what did not hold.
WITH fires AS (
    SELECT f.deadline_id, f.step, f.before, f.generation, f.at, d.steps[f.step] AS due,
           lag(f.step, 1, 0) OVER (PARTITION BY f.deadline_id ORDER BY f.at, f.step) AS reached
    FROM bench_fires f JOIN deadlines d ON d.id = f.deadline_id WHERE f.deadline_id > $1
)
SELECT count(*) AS fired,
       coalesce(sum(step - before), 0)::int - count(*)::int AS passed_over,
       count(*) FILTER (WHERE at < due) AS early,
       count(*) FILTER (WHERE before <> reached OR step <= before OR generation <> 1) AS doubled,
       coalesce(percentile_cont(ARRAY[0.5, 0.99, 1.0]) WITHIN GROUP (ORDER BY extract(epoch FROM at - due)::float8), '{0,0,0}') AS late
FROM fires

-- lost: Steps of deadlines that never came: less than the last one is reached.
SELECT coalesce(sum(cardinality(d.steps) - d.step), 0)::int FROM deadlines d WHERE d.id > $1

-- wrongly_told: Kinds of alerts about a record that people did not hear once for each step that was fired.
WITH fires AS (
    SELECT d.subject = 'conversation' AS chat, d.subject_id AS id,
           CASE f.step WHEN cardinality(d.steps) THEN 'breached.' ELSE 'warned.' END || d.clause AS kind, count(*) AS times
    FROM bench_fires f JOIN deadlines d ON d.id = f.deadline_id
    WHERE d.id > $1 GROUP BY 1, 2, 3
), told AS (
    SELECT ticket_id IS NULL AS chat, coalesce(ticket_id, conversation_id) AS id, kind, count(*) AS times
    FROM alerts WHERE kind LIKE 'warned.%' OR kind LIKE 'breached.%' GROUP BY 1, 2, 3
)
SELECT count(*) FROM fires FULL JOIN told USING (chat, id, kind) WHERE fires.times IS DISTINCT FROM told.times

-- wrongly_kept: Conversations whose customer was not told of the breach once, and tickets whose timeline does not name
-- each breach once.
SELECT (SELECT count(*) FROM (
            SELECT d.id FROM deadlines d LEFT JOIN messages m ON m.conversation_id = d.subject_id AND m.sender = 'system'
            WHERE d.id > $1 AND d.subject = 'conversation' GROUP BY d.id HAVING count(m.seq) <> 1) AS said)
     + (SELECT count(*) FROM (
            SELECT d.id FROM deadlines d LEFT JOIN ticket_steps s
                ON s.ticket_id = d.subject_id AND s.what = 'late' AND s.fields @> jsonb_build_array(jsonb_build_array('clause', d.clause))
            WHERE d.id > $1 AND d.subject <> 'conversation' GROUP BY d.id HAVING count(s.id) <> 1) AS kept) AS wrong
