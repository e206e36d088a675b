-- closed: Conversations that have ended, the latest first, as far as this agent may see them.
SELECT v.id, v.contact_id, v.closed, v.wrapup, v.assignee, c.channel, c.name, a.name AS assignee_name, s.stars,
       coalesce(w.label_zh, '') AS label_zh, coalesce(w.label_en, '') AS label_en,
       coalesce((SELECT left(m.text, 160) FROM messages m
                 WHERE m.conversation_id = v.id AND m.sender = 'contact' ORDER BY m.seq LIMIT 1), '') AS line
FROM conversations v
JOIN contacts c ON c.id = coalesce(v.last_used, v.contact_id)
LEFT JOIN agents a ON a.id = v.assignee
LEFT JOIN units u ON u.id = a.unit_id
LEFT JOIN surveys s ON s.conversation_id = v.id
LEFT JOIN wrapups w ON w.code = v.wrapup
WHERE v.closed > statement_timestamp() - interval '30 days' AND v.queued IS NOT NULL
  AND (starts_with(coalesce(u.path, '/'), $1) OR v.assignee = $2)
  AND ($4::timestamptz IS NULL OR (v.closed, v.id) < ($4, $5::bigint))
ORDER BY v.closed DESC, v.id DESC
LIMIT $3

-- named: Conversations in whose notes this agent is named, the latest mention first, with the note that names them.
SELECT v.id, v.contact_id, v.status, n.at, c.channel, c.name, b.name AS by_name,
       n.unseen, left(coalesce(m.text, ''), 160) AS line
FROM (
    SELECT DISTINCT ON (conversation_id) conversation_id, contact_id, seq, at, by_agent,
           bool_or(seen IS NULL) OVER (PARTITION BY conversation_id) AS unseen
    FROM mentions
    WHERE agent_id = $1 AND at > statement_timestamp() - interval '30 days'
    ORDER BY conversation_id, at DESC, seq DESC
) n
JOIN conversations v ON v.id = n.conversation_id
JOIN contacts c ON c.id = coalesce(v.last_used, v.contact_id)
JOIN agents b ON b.id = n.by_agent
LEFT JOIN messages m ON m.contact_id = n.contact_id AND m.seq = n.seq
WHERE $3::timestamptz IS NULL OR (n.at, v.id) < ($3, $4::bigint)
ORDER BY n.at DESC, v.id DESC
LIMIT $2
