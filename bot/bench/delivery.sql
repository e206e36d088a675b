-- add_contacts: Contacts who write to no one, spread over the accounts.
INSERT INTO contacts (channel, account, address, seq)
SELECT 'wechat', 'sends-' || n % $2::int, 'o' || n, $3::int FROM generate_series(1, $1::int) AS n
RETURNING id

-- add_messages: Messages that wait to be sent, each with words of its own, of three kinds in turn.
WITH said AS (
    SELECT c.id AS contact_id, s AS seq, (ARRAY['bot', 'survey', 'agent'])[1 + (c.id + s) % 3] AS kind
    FROM contacts c CROSS JOIN generate_series(1, $2::int) AS s
    WHERE c.account LIKE 'sends-%'
), new_messages AS (
    INSERT INTO messages (contact_id, seq, sender, text, choices, sent_at)
    SELECT contact_id, seq, CASE kind WHEN 'agent' THEN 'agent' ELSE 'bot' END, contact_id || '-' || seq,
           CASE kind WHEN 'survey' THEN '[["survey:1:5", "5"]]'::jsonb END, clock_timestamp()
    FROM said
)
INSERT INTO outbox (id, contact_id, from_seq, to_seq, kind, state, created, due)
SELECT $1 + row_number() OVER (ORDER BY seq, contact_id), contact_id, seq, seq, kind, 'queued', clock_timestamp(),
       clock_timestamp() + seq * interval '1 microsecond'
FROM said

-- waiting: Messages that have not come to their end.
SELECT count(*) FROM outbox WHERE state NOT IN ('sent', 'in_doubt')

-- end_leases: Whoever holds these is gone.
UPDATE outbox SET lease = clock_timestamp() WHERE state = 'sending' AND lease > statement_timestamp()

-- ends: What became of each message.
SELECT c.address, m.text, o.kind, o.state, o.error
FROM outbox o JOIN contacts c ON c.id = o.contact_id
JOIN messages m ON m.contact_id = o.contact_id AND m.seq = o.from_seq

-- unseen: Contacts about whom people were not told of each doubt once.
SELECT count(*) FROM (
    SELECT o.contact_id, count(*) AS doubts FROM outbox o WHERE o.state = 'in_doubt' GROUP BY o.contact_id) AS d
FULL JOIN (SELECT contact_id, count(*) AS told FROM alerts WHERE kind = 'in_doubt' GROUP BY contact_id) AS a
    USING (contact_id)
WHERE d.doubts IS DISTINCT FROM a.told
