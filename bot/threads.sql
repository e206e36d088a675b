-- find: The row number of a contact by its address.
SELECT id FROM contacts WHERE channel = $1 AND account = $2 AND address = $3;

-- after: The first messages of a contact behind a sequence number; the desk's notes are nobody else's.
SELECT m.contact_id, m.seq, m.sender, m.kind, m.text, m.choices, m.sent_at, file.*
FROM messages AS m
LEFT JOIN LATERAL (
    SELECT f.id AS file_id, f.state AS file_state, f.name AS file_name, f.type AS file_type, f.size AS file_size
    FROM files f WHERE m.kind <> 'text' AND f.contact_id = m.contact_id AND f.seq = m.seq
) AS file ON true
WHERE m.contact_id = $1 AND m.seq > $2 AND m.sender <> 'note'
ORDER BY m.seq
LIMIT $3;

-- before: The last messages of a contact ahead of a sequence number, newest first.
SELECT m.contact_id, m.seq, m.sender, m.kind, m.text, m.choices, m.sent_at, file.*
FROM messages AS m
LEFT JOIN LATERAL (
    SELECT f.id AS file_id, f.state AS file_state, f.name AS file_name, f.type AS file_type, f.size AS file_size
    FROM files f WHERE m.kind <> 'text' AND f.contact_id = m.contact_id AND f.seq = m.seq
) AS file ON true
WHERE m.contact_id = $1 AND m.seq < $2 AND m.sender <> 'note'
ORDER BY m.seq DESC
LIMIT $3;

-- standing: Who has the word: the open conversation, its assignee's name, and its place by enqueue time − 60 s × priority.
SELECT conversation.status, conversation.queue, coalesce(agent.name, '') AS agent, coalesce(ahead.waiting + 1, 0) AS place
FROM contacts AS contact
JOIN conversations AS conversation ON conversation.id = contact.conversation_id
LEFT JOIN agents AS agent ON agent.id = conversation.assignee AND conversation.status = 'assigned'
LEFT JOIN LATERAL (
    SELECT count(*) AS waiting
    FROM conversations AS other
    WHERE other.status = 'queued' AND other.queue = conversation.queue
      AND (other.queued - other.priority * interval '60 s', other.id)
        < (conversation.queued - conversation.priority * interval '60 s', conversation.id)
) AS ahead ON conversation.status = 'queued'
WHERE contact.id = $1 AND conversation.closed IS NULL;

-- heads: How the threads of many contacts stand.
SELECT c.id, c.channel, c.account, c.address, c.seq, coalesce(v.status = 'queued', false) AS queued,
       concat_ws(':', v.id, v.version, r.heard) AS state
FROM unnest($1::text[], $2::text[], $3::text[]) AS t (channel, account, address)
JOIN contacts c USING (channel, account, address)
LEFT JOIN conversations v ON v.id = c.conversation_id
LEFT JOIN reach r ON r.contact_id = c.id;
