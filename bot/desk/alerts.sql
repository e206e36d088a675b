-- unseen: What has been put before this agent and not been looked at, the latest first.
SELECT l.id, l.audience, l.kind, l.conversation_id, l.ticket_id, l.raised, l.about, c.name, c.channel
FROM alerts l
LEFT JOIN contacts c ON c.id = l.contact_id
LEFT JOIN conversations v ON v.id = l.conversation_id
LEFT JOIN tickets t ON t.id = l.ticket_id
LEFT JOIN agents a ON a.id = coalesce(v.assignee, t.owner)
LEFT JOIN units u ON u.id = a.unit_id
WHERE l.seen IS NULL AND l.raised > statement_timestamp() - interval '24 hours'
  AND ((l.audience = 'agent' AND l.agent_id = $1)
       OR ((l.audience = 'leader' OR (l.audience = 'manager' AND $3))
           AND starts_with(coalesce(u.path, $2), $2)  -- of their unit, or of what nobody has
           AND (l.improvement_id IS NULL OR improvement_concerns(l.improvement_id, $2))))
ORDER BY l.id DESC
LIMIT 50

-- see: The agent takes note of these: of all up to one, or of that one alone.
UPDATE alerts l SET seen = clock_timestamp(), seen_by = $1
WHERE seen IS NULL AND CASE WHEN $5 THEN id = $4 ELSE id <= $4 END
  AND ((audience = 'agent' AND agent_id = $1)
       OR ((audience = 'leader' OR (audience = 'manager' AND $3)) AND starts_with(coalesce(
           (SELECT u.path FROM agents a JOIN units u ON u.id = a.unit_id
            WHERE a.id = coalesce((SELECT assignee FROM conversations WHERE id = l.conversation_id),
                                  (SELECT owner FROM tickets WHERE id = l.ticket_id))), $2), $2)
           AND (l.improvement_id IS NULL OR improvement_concerns(l.improvement_id, $2))))

-- see_of: Opening a conversation is looking at what was said about it.
UPDATE alerts SET seen = clock_timestamp(), seen_by = $1
WHERE seen IS NULL AND conversation_id = $2 AND audience = 'agent' AND agent_id = $1

-- see_ticket: Opening a ticket is looking at what was said about it.
UPDATE alerts SET seen = clock_timestamp()
WHERE seen IS NULL AND ticket_id = $2 AND audience = 'agent' AND agent_id = $1
