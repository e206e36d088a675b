-- said: Messages of a conversation that several contacts take part in, and of those it took in, by moment, the newest first.
WITH said AS MATERIALIZED (
    -- A message's number: microseconds since 2020 times eight, for a turn writes several at one moment.
    SELECT m.*, ((extract(epoch FROM m.sent_at) - 1577836800) * 1000000)::bigint * 8
        + least(7, row_number() OVER (PARTITION BY m.contact_id, m.sent_at ORDER BY m.seq) - 1) AS number
    FROM messages m
    WHERE m.conversation_id = $1 OR m.conversation_id IN (SELECT id FROM conversations WHERE merged_into = $1)
), ways AS MATERIALIZED (
    SELECT o.contact_id, o.from_seq, o.to_seq, o.state FROM outbox o
    WHERE o.contact_id IN (SELECT contact_id FROM said) AND o.state IN ('queued', 'sending', 'failed', 'in_doubt')
)
SELECT s.number AS seq, s.conversation_id, s.sender, s.agent, s.kind, s.text, s.choices, s.sent_at, a.name AS author,
       w.state, c.channel, p.to_agent AS whispered,
       CASE WHEN s.seq <= r.read THEN 'read' WHEN s.seq <= r.delivered THEN 'delivered' END AS got, file.*
FROM said s
JOIN contacts c ON c.id = s.contact_id
LEFT JOIN agents a ON a.id = s.agent
LEFT JOIN whispers p ON s.sender = 'note' AND p.contact_id = s.contact_id AND p.seq = s.seq
LEFT JOIN reach r ON r.contact_id = s.contact_id
LEFT JOIN ways w ON w.contact_id = s.contact_id AND s.seq BETWEEN w.from_seq AND w.to_seq
    AND s.sender IN ('agent', 'bot', 'system')
LEFT JOIN LATERAL (
    SELECT f.id AS file_id, f.state AS file_state, f.name AS file_name, f.type AS file_type, f.size AS file_size
    FROM files f WHERE s.kind <> 'text' AND f.contact_id = s.contact_id AND f.seq = s.seq
) AS file ON true
WHERE s.number >= $2 AND s.number < $3
ORDER BY s.number DESC
LIMIT $4

-- history: A customer's other conversations over all channels, the latest first.
SELECT v.id, v.opened, v.closed, v.wrapup, c.channel, a.name AS assignee_name, s.stars,
       coalesce(w.label_zh, '') AS label_zh, coalesce(w.label_en, '') AS label_en,
       coalesce((SELECT left(m.text, 120) FROM messages m
                 WHERE m.conversation_id = v.id AND m.sender = 'contact' ORDER BY m.seq LIMIT 1), '') AS line
FROM contacts c
JOIN conversations v ON v.contact_id = c.id
LEFT JOIN agents a ON a.id = v.assignee
LEFT JOIN surveys s ON s.conversation_id = v.id
LEFT JOIN wrapups w ON w.code = v.wrapup
WHERE c.customer_id = $1 AND v.id <> $2 AND v.merged_into IS DISTINCT FROM $2
ORDER BY v.opened DESC
LIMIT 20

-- of_customer: Whether a conversation is one of this customer's.
SELECT EXISTS (
    SELECT 1 FROM conversations v JOIN contacts c ON c.id = v.contact_id WHERE v.id = $1 AND c.customer_id = $2)

-- people: The contacts of a customer, with what each has proved.
SELECT c.id, c.channel, c.account, c.name, c.created,
       coalesce(array_agg(i.shown ORDER BY i.id) FILTER (WHERE i.id IS NOT NULL), '{}') AS shown
FROM contacts c LEFT JOIN identities i ON i.contact_id = c.id AND i.withdrawn IS NULL
WHERE c.customer_id = $1
GROUP BY c.id
ORDER BY c.id

-- customer_of: The customer of a contact.
SELECT customer_id FROM contacts WHERE id = $1
