-- conversation: A conversation with its contact and its next limit, if this agent may see it.
SELECT v.id, v.contact_id, c.id AS speaker, v.status, v.version, v.queue, v.priority, v.assignee, v.reoffer, v.opened, v.queued,
       v.assigned, v.waiting_since, v.answered, v.closed, v.wrapup, v.first_seq,
       c.channel, c.account, c.address, c.name, c.language, c.created, c.budget_left, c.budget_expires,
       a.name AS assignee_name, coalesce(u.path, '') AS assignee_unit, d.due, d.clause, z.until AS snoozed, z.note AS snooze_note,
       s.stars, s.comment, s.solved, s.reasons, s.nps, s.asked AS survey_asked, c.customer_id, v.last_used,
       t.snags, o.from_agent AS taken_from, g.name AS taken_from_name,
       v.offer_to, v.offer_by, f.name AS offered_name, i.answers, v.call_id, coalesce(k.name, c.outlet, '') AS outlet, c.outlet_scanned, r.in_reach
FROM conversations v
JOIN contacts c ON c.id = coalesce(v.last_used, v.contact_id)
LEFT JOIN outlets k ON k.id = coalesce(c.outlet, CASE WHEN c.channel = 'outlet' THEN c.account END)
LEFT JOIN agents a ON a.id = v.assignee
LEFT JOIN agents f ON f.id = v.offer_to
LEFT JOIN invitations i ON i.conversation_id = v.id AND i.agent_id = $3 AND i.ended IS NULL AND v.closed IS NULL
LEFT JOIN units u ON u.id = a.unit_id
LEFT JOIN surveys s ON s.conversation_id = v.id
LEFT JOIN set_aside z ON z.conversation_id = v.id
LEFT JOIN LATERAL (
    SELECT from_agent FROM take_overs WHERE conversation_id = v.id AND agent = v.assignee AND agent = $3
    ORDER BY id DESC LIMIT 1
) o ON true
LEFT JOIN agents g ON g.id = o.from_agent
CROSS JOIN LATERAL (
    SELECT ARRAY(SELECT kind FROM snags
                 WHERE conversation_id = v.id AND v.status = 'bot' AND raised >= coalesce(v.returned, v.opened)
                   AND raised > now() - interval '2 hours'
                 ORDER BY raised) AS snags
) t
LEFT JOIN LATERAL (
    SELECT due, clause FROM deadlines
    WHERE subject = 'conversation' AND subject_id = v.id AND clause LIKE 'enquiry.%' AND met IS NULL AND voided IS NULL
    ORDER BY due LIMIT 1
) d ON true
LEFT JOIN LATERAL (
    SELECT true AS named FROM mentions WHERE agent_id = $3 AND conversation_id = v.id LIMIT 1
) x ON true
CROSS JOIN LATERAL (
    SELECT coalesce(
        v.status IN ('queued', 'bot') AND $2::text IS NOT NULL      -- those who lead see all that wait, and the bot's
        OR t.snags <> '{}'                                          -- it is with the bot, and somebody should look in
        OR starts_with(coalesce(u.path, '/'), $2)                   -- and what people of their unit have
        OR v.assignee = $3                                          -- mine
        OR v.offer_to = $3                                          -- offered to me
        OR v.closed IS NULL AND EXISTS (                            -- taken from me
            SELECT FROM take_overs y WHERE y.conversation_id = v.id AND y.from_agent = $3)
        OR i.id IS NOT NULL                                         -- I was asked to help
        OR ((v.status = 'queued' OR (v.status = 'assigned' AND v.reoffer)) AND NOT EXISTS (
            SELECT 1 FROM queues q                                  -- waiting, and I have its skills
            WHERE q.id = v.queue AND NOT q.required <@ $4::text[]))
        OR EXISTS (SELECT 1 FROM messages m WHERE m.conversation_id = v.id AND m.agent = $3
                   AND (m.sender = 'agent' OR x.named IS NULL)),    -- those I served; a note of who is named there is no service
        false) AS in_reach
) r
WHERE v.id = $1 AND (r.in_reach OR x.named)                         -- or a note in it names me
