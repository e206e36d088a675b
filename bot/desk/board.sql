-- board: Every conversation that is with people or needs one, with its next limit and its last words, a bare call for a person aside.
-- With an id $2: instead of these, what the bot talks about below it, the latest first, $3 of them.
-- A chat that has gone on for two hours since its last snag has got over it.
WITH marked AS (
    SELECT t.conversation_id, array_agg(t.kind ORDER BY t.raised) AS snags, min(t.raised) AS stuck_since
    FROM snags t JOIN conversations v ON v.id = t.conversation_id
    WHERE t.raised > now() - interval '2 hours' AND v.status = 'bot' AND t.raised >= coalesce(v.returned, v.opened)
    GROUP BY t.conversation_id
), shown AS (
    SELECT id FROM conversations WHERE status IN ('queued', 'assigned') AND $2::bigint IS NULL
    UNION ALL
    SELECT conversation_id FROM marked WHERE $2::bigint IS NULL
    UNION ALL
    (SELECT id FROM conversations WHERE status = 'bot' AND id < $2::bigint ORDER BY id DESC LIMIT $3)
)
SELECT v.id, v.contact_id, c.id AS speaker, v.status, v.version, v.queue, v.assignee, v.reoffer, v.offer_to, v.waiting_since,
       ARRAY(SELECT i.agent_id FROM invitations i WHERE i.conversation_id = v.id AND i.ended IS NULL) AS helpers,
       ARRAY(SELECT DISTINCT x.agent_id FROM mentions x WHERE x.conversation_id = v.id ORDER BY 1) AS named,
       v.queued - v.priority * interval '60 seconds' AS place,
       coalesce(t.snags, '{}') AS snags, t.stuck_since, c.level, v.opened,
       c.channel, c.name, a.name AS assignee_name, coalesce(n.path, '') AS assignee_unit, coalesce(q.required, '{}') AS required,
       z.until AS snoozed, d.due, m.seq, m.sender, m.text, m.sent_at, u.unanswered
FROM shown
JOIN conversations v USING (id)
LEFT JOIN marked t ON t.conversation_id = v.id
JOIN contacts c ON c.id = coalesce(v.last_used, v.contact_id)
LEFT JOIN agents a ON a.id = v.assignee
LEFT JOIN units n ON n.id = a.unit_id
LEFT JOIN queues q ON q.id = v.queue
LEFT JOIN set_aside z ON z.conversation_id = v.id
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
ORDER BY place, v.id DESC
LIMIT 5000
