-- board: Every conversation that is with people, with its next limit and its last words, a bare call for a person aside.
SELECT v.id, v.contact_id, c.id AS speaker, v.status, v.version, v.queue, v.assignee, v.reoffer, v.offer_to, v.waiting_since,
       ARRAY(SELECT i.agent_id FROM invitations i WHERE i.conversation_id = v.id AND i.ended IS NULL) AS helpers,
       v.queued - v.priority * interval '60 seconds' AS place,
       c.channel, c.name, a.name AS assignee_name, coalesce(n.path, '') AS assignee_unit, coalesce(q.required, '{}') AS required,
       d.due, m.seq, m.sender, m.text, m.sent_at, u.unanswered,
       clock_timestamp() AS now
FROM conversations v
JOIN contacts c ON c.id = coalesce(v.last_used, v.contact_id)
LEFT JOIN agents a ON a.id = v.assignee
LEFT JOIN units n ON n.id = a.unit_id
LEFT JOIN queues q ON q.id = v.queue
LEFT JOIN LATERAL (
    SELECT due FROM deadlines
    WHERE subject = 'conversation' AND subject_id = v.id AND clause LIKE 'enquiry.%' AND met IS NULL AND voided IS NULL
    ORDER BY due LIMIT 1
) d ON true
LEFT JOIN LATERAL (
    SELECT seq, sender, left(text, 160) AS text, sent_at FROM messages
    WHERE conversation_id = v.id AND sender IN ('contact', 'agent')
    ORDER BY text = ANY($1::text[]), sent_at DESC, seq DESC LIMIT 1
) m ON true
LEFT JOIN LATERAL (
    SELECT count(*)::int AS unanswered FROM messages
    WHERE conversation_id = v.id AND sender = 'contact' AND sent_at >= v.waiting_since
) u ON true
WHERE v.status IN ('queued', 'assigned')
ORDER BY place
LIMIT 5000
