-- asked: What the customer said last in a conversation, the latest first; bare calls for a person tell nothing.
SELECT text FROM messages
WHERE conversation_id = $1 AND sender = 'contact' AND kind = 'text' AND text <> ALL($2::text[])
ORDER BY sent_at DESC, seq DESC LIMIT 5

-- keep: An agent has looked something up.
INSERT INTO knowledge_lookups (agent_id, conversation_id, kind, text, found, used, missing)
VALUES ($1, $2, $3, $4, $5::text[], $6, $7) RETURNING id

-- use: What was found went into the answer.
UPDATE knowledge_lookups SET used = $4
WHERE id = $1 AND agent_id = $2 AND conversation_id = $3 AND $4 = ANY(found) AND NOT missing RETURNING id

-- miss: Nothing of what was found is an answer.
UPDATE knowledge_lookups SET missing = true
WHERE id = $1 AND agent_id = $2 AND conversation_id = $3 AND used IS NULL AND NOT missing RETURNING text
