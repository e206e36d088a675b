-- add_idle: Bot conversations, each with a deadline that lies ahead.
WITH new_contacts AS (
    INSERT INTO contacts (channel, account, address, conversation_id)
    SELECT 'web', 'demo', 'idle:' || n, $1 + n FROM generate_series(1, $2::bigint) AS n
    RETURNING id, conversation_id
), new_conversations AS (
    INSERT INTO conversations (id, contact_id, status, version, queue, priority, reoffer, misses, opened, spoke, wrapup,
        first_seq)
    SELECT conversation_id, id, 'bot', 1, '', 0, false, 0, $3::timestamptz, $3::timestamptz, '', 1 FROM new_contacts
)
INSERT INTO deadlines (id, contact_id, subject, subject_id, clause, opened, due, steps, next_at)
SELECT conversation_id, id, 'conversation', conversation_id, 'conversation.idle', $3::timestamptz, $4::timestamptz,
    ARRAY[$4::timestamptz], $4::timestamptz
FROM new_contacts

-- add_waiting: Conversations that have waited for a person since half an hour before they are due within one second; the
-- service closes later, or never.
WITH new_contacts AS (
    INSERT INTO contacts (channel, account, address, conversation_id)
    SELECT 'web', 'demo', 'waiting:' || ($1 + n), $1 + n FROM generate_series(1, $2::bigint) AS n
    RETURNING id, conversation_id, $3::timestamptz + (conversation_id - $1) * interval '1 second' / $2 AS due
), new_conversations AS (
    INSERT INTO conversations (id, contact_id, status, version, queue, priority, reoffer, misses, opened, spoke, queued,
        waiting_since, wrapup, first_seq)
    SELECT conversation_id, id, 'queued', 1, 'service', 0, false, 0, due - interval '30 minutes',
        due - interval '30 minutes', due - interval '30 minutes', due - interval '30 minutes', '', 1
    FROM new_contacts
)
INSERT INTO deadlines (id, contact_id, subject, subject_id, clause, opened, due, steps, step, next_at, warned)
SELECT conversation_id, id, 'conversation', conversation_id, 'enquiry.first_response', due - interval '30 minutes', due,
    ARRAY[due - interval '10 minutes', due - interval '3 minutes', due], 2, due, due - interval '10 minutes'
FROM new_contacts
UNION ALL
SELECT $4 + conversation_id, id, 'conversation', conversation_id, 'conversation.closing', due - interval '30 minutes',
    $5::timestamptz, ARRAY[$5::timestamptz], 0, $5::timestamptz, NULL
FROM new_contacts WHERE $5 IS NOT NULL

-- missing: Whether any of a wave has not fired; looking at all of them would cost the clocks what it takes.
SELECT count(*) FROM (SELECT FROM deadlines WHERE id > $1 AND id <= $1 + $2 AND breached IS NULL LIMIT 1) AS one

-- lateness: Seconds from the due time to the commit of the fire, and to the moment that it was given.
SELECT extract(epoch FROM pg_xact_commit_timestamp(xmin) - due)::float8 AS committed,
       extract(epoch FROM breached - due)::float8 AS given
FROM deadlines WHERE id > $1 AND id <= $1 + $2 AND breached IS NOT NULL

-- doubled: Customers who were told more than once, and conversations that people were alarmed about more than once.
SELECT (SELECT count(*) FROM (
            SELECT contact_id FROM messages WHERE conversation_id > $1 AND conversation_id <= $1 + $2
            GROUP BY contact_id HAVING count(*) > 1) AS told)
     + (SELECT count(*) FROM (
            SELECT conversation_id FROM alerts WHERE conversation_id > $1 AND conversation_id <= $1 + $2
            GROUP BY conversation_id HAVING count(*) > 1) AS alarmed) AS doubled
