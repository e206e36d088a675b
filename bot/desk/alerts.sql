-- unseen: What has been put before this agent and not been looked at, the latest first.
SELECT l.id, l.audience, l.kind, l.conversation_id, l.raised, l.about, c.name, c.channel
FROM alerts l LEFT JOIN contacts c ON c.id = l.contact_id
WHERE l.seen IS NULL AND l.raised > clock_timestamp() - interval '24 hours'
  AND ((l.audience = 'agent' AND l.agent_id = $1) OR (l.audience = 'leader' AND $2))
ORDER BY l.id DESC
LIMIT 50

-- see: The agent has looked at these.
UPDATE alerts SET seen = clock_timestamp()
WHERE seen IS NULL AND id <= $3 AND ((audience = 'agent' AND agent_id = $1) OR (audience = 'leader' AND $2))

-- see_of: Opening a conversation is looking at what was said about it.
UPDATE alerts SET seen = clock_timestamp()
WHERE seen IS NULL AND conversation_id = $2 AND audience = 'agent' AND agent_id = $1
