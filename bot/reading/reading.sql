-- answers: An agent's answer and those that followed it in the same conversation, oldest first, with their files.
SELECT m.seq, m.kind, m.text, m.sent_at, a.name AS author, file.*,
       first.sent_at < statement_timestamp() - make_interval(secs => $3) AS expired
FROM messages first
JOIN messages m ON m.contact_id = first.contact_id AND m.seq >= first.seq AND m.sender = 'agent'
    AND (m.seq = first.seq OR m.conversation_id = first.conversation_id)
LEFT JOIN agents a ON a.id = m.agent
LEFT JOIN LATERAL (
    SELECT f.id AS file_id, f.state AS file_state, f.name AS file_name, f.type AS file_type, f.size AS file_size
    FROM files f WHERE m.kind <> 'text' AND f.contact_id = m.contact_id AND f.seq = m.seq
) AS file ON true
WHERE first.contact_id = $1 AND first.seq = $2 AND first.sender = 'agent'
ORDER BY m.seq
LIMIT 50
