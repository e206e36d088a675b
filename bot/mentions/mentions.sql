-- colleagues: Everybody who can be named in a note, those of one's own unit first.
SELECT a.id, a.name, a.login, a.team, a.presence
FROM agents a JOIN units u ON u.id = a.unit_id
WHERE NOT a.disabled AND a.id <> $1 AND a.role = ANY($3::text[])
ORDER BY u.path <> $2, a.name, a.id
LIMIT 500

-- named: Everybody whose name stands behind an @ in a text.
SELECT id, name FROM agents WHERE NOT disabled AND id <> $1 AND role = ANY($3::text[]) AND position('@' || name IN $2) > 0

-- keep: Colleagues who are named in notes.
INSERT INTO mentions (agent_id, contact_id, seq, conversation_id, by_agent, at)
SELECT n.agent, n.contact, n.seq, n.conversation, n.by_agent, n.at
FROM unnest($1::int[], $2::bigint[], $3::bigint[], $4::bigint[], $5::int[], $6::timestamptz[])
    AS n (agent, contact, seq, conversation, by_agent, at)
ON CONFLICT DO NOTHING

-- unseen: In how many conversations of the last 30 days this agent is named and has not looked since.
SELECT count(DISTINCT conversation_id) FROM mentions
WHERE agent_id = $1 AND seen IS NULL AND at > statement_timestamp() - interval '30 days'

-- see: Somebody has seen where they are named in a conversation.
UPDATE mentions SET seen = clock_timestamp() WHERE agent_id = $1 AND conversation_id = $2 AND seen IS NULL
