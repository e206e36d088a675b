-- tail: The newest messages of a conversation and what came before it, newest first, one more than asked for.
WITH ways AS MATERIALIZED (
    SELECT from_seq, to_seq, state FROM outbox WHERE contact_id = $1 AND state IN ('queued', 'sending')
    UNION ALL
    SELECT from_seq, to_seq, state FROM outbox WHERE contact_id = $1 AND state IN ('failed', 'in_doubt')
)
SELECT m.seq, m.conversation_id, m.sender, m.agent, m.kind, m.text, m.choices, m.sent_at, a.name AS author, o.state, p.to_agent AS whispered,
       CASE WHEN m.seq <= r.read THEN 'read' WHEN m.seq <= r.delivered THEN 'delivered' END AS got, file.*
FROM messages m
LEFT JOIN reach r ON r.contact_id = m.contact_id
LEFT JOIN agents a ON a.id = m.agent
LEFT JOIN whispers p ON m.sender = 'note' AND p.contact_id = m.contact_id AND p.seq = m.seq
LEFT JOIN ways o ON m.seq BETWEEN o.from_seq AND o.to_seq AND m.sender IN ('agent', 'bot', 'system')
LEFT JOIN LATERAL (
    SELECT f.id AS file_id, f.state AS file_state, f.name AS file_name, f.type AS file_type, f.size AS file_size
    FROM files f WHERE m.kind <> 'text' AND f.contact_id = m.contact_id AND f.seq = m.seq
) AS file ON true
WHERE m.contact_id = $1 AND m.seq < $4 AND (m.conversation_id = $2 OR m.seq < $3)
ORDER BY m.seq DESC
LIMIT $5

-- since: Messages of a conversation from a number on.
WITH ways AS MATERIALIZED (
    SELECT from_seq, to_seq, state FROM outbox WHERE contact_id = $1 AND state IN ('queued', 'sending')
    UNION ALL
    SELECT from_seq, to_seq, state FROM outbox WHERE contact_id = $1 AND state IN ('failed', 'in_doubt')
)
SELECT m.seq, m.conversation_id, m.sender, m.agent, m.kind, m.text, m.choices, m.sent_at, a.name AS author, o.state, p.to_agent AS whispered,
       CASE WHEN m.seq <= r.read THEN 'read' WHEN m.seq <= r.delivered THEN 'delivered' END AS got, file.*
FROM messages m
LEFT JOIN reach r ON r.contact_id = m.contact_id
LEFT JOIN agents a ON a.id = m.agent
LEFT JOIN whispers p ON m.sender = 'note' AND p.contact_id = m.contact_id AND p.seq = m.seq
LEFT JOIN ways o ON m.seq BETWEEN o.from_seq AND o.to_seq AND m.sender IN ('agent', 'bot', 'system')
LEFT JOIN LATERAL (
    SELECT f.id AS file_id, f.state AS file_state, f.name AS file_name, f.type AS file_type, f.size AS file_size
    FROM files f WHERE m.kind <> 'text' AND f.contact_id = m.contact_id AND f.seq = m.seq
) AS file ON true
WHERE m.contact_id = $1 AND m.conversation_id = $2 AND m.seq >= $3
ORDER BY m.seq
LIMIT 500

-- earlier: The contact's conversations before this one, the latest first.
SELECT v.id, v.opened, v.closed, v.wrapup, a.name AS assignee_name, s.stars,
       coalesce(w.label_zh, '') AS label_zh, coalesce(w.label_en, '') AS label_en,
       coalesce((SELECT left(m.text, 120) FROM messages m
                 WHERE m.conversation_id = v.id AND m.sender = 'contact' ORDER BY m.seq LIMIT 1), '') AS line
FROM conversations v
LEFT JOIN agents a ON a.id = v.assignee
LEFT JOIN surveys s ON s.conversation_id = v.id
LEFT JOIN wrapups w ON w.code = v.wrapup
WHERE v.contact_id = $1 AND v.id <> $2 AND v.first_seq < $3
ORDER BY v.first_seq DESC
LIMIT 10

-- ways: Messages of a contact that have not arrived, or of which nobody knows.
SELECT from_seq, to_seq, state FROM outbox WHERE contact_id = $1 AND state IN ('queued', 'sending')
UNION ALL
SELECT from_seq, to_seq, state FROM outbox WHERE contact_id = $1 AND state IN ('failed', 'in_doubt')

-- one: Messages of a contact's conversation before a number.
WITH ways AS MATERIALIZED (
    SELECT from_seq, to_seq, state FROM outbox WHERE contact_id = $1 AND state IN ('queued', 'sending')
    UNION ALL
    SELECT from_seq, to_seq, state FROM outbox WHERE contact_id = $1 AND state IN ('failed', 'in_doubt')
)
SELECT m.seq, m.conversation_id, m.sender, m.agent, m.kind, m.text, m.choices, m.sent_at, a.name AS author, o.state, p.to_agent AS whispered,
       CASE WHEN m.seq <= r.read THEN 'read' WHEN m.seq <= r.delivered THEN 'delivered' END AS got, file.*
FROM messages m
LEFT JOIN reach r ON r.contact_id = m.contact_id
LEFT JOIN agents a ON a.id = m.agent
LEFT JOIN whispers p ON m.sender = 'note' AND p.contact_id = m.contact_id AND p.seq = m.seq
LEFT JOIN ways o ON m.seq BETWEEN o.from_seq AND o.to_seq AND m.sender IN ('agent', 'bot', 'system')
LEFT JOIN LATERAL (
    SELECT f.id AS file_id, f.state AS file_state, f.name AS file_name, f.type AS file_type, f.size AS file_size
    FROM files f WHERE m.kind <> 'text' AND f.contact_id = m.contact_id AND f.seq = m.seq
) AS file ON true
WHERE m.contact_id = $1 AND m.conversation_id = $2 AND m.seq < $3
ORDER BY m.seq
LIMIT 500
