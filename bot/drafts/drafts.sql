-- save: Keep what an agent has typed, unless a later save or a send that the page does not know of has come before.
INSERT INTO drafts AS d (agent_id, conversation_id, kind, text, page, place, saved)
SELECT $1, v.id, $3, $4, $5, $6, clock_timestamp() FROM conversations v WHERE v.id = $2 AND v.closed IS NULL
ON CONFLICT (agent_id, conversation_id, kind) DO UPDATE
SET text = excluded.text, page = excluded.page, place = excluded.place, saved = excluded.saved
WHERE d.sends = $7 AND (d.page <> excluded.page OR d.place < excluded.place)
RETURNING true

-- of: How an agent's drafts in a conversation stand, where it is open.
SELECT d.kind, d.text, d.sends, d.sent
FROM drafts d JOIN conversations v ON v.id = d.conversation_id
WHERE d.agent_id = $1 AND d.conversation_id = $2 AND v.closed IS NULL

-- drafted: Open conversations in which an agent has typed something.
SELECT DISTINCT d.conversation_id
FROM drafts d JOIN conversations v ON v.id = d.conversation_id
WHERE d.agent_id = $1 AND d.text <> '' AND v.closed IS NULL

-- send: What was sent is a draft no longer; the count tells late saves from fresh ones.
INSERT INTO drafts AS d (agent_id, conversation_id, kind, text, sends, sent, saved)
SELECT n.agent, n.conversation, n.kind, '', n.sends, n.sent, clock_timestamp()
FROM unnest($1::int[], $2::bigint[], $3::text[], $4::int[], $5::text[]) AS n (agent, conversation, kind, sends, sent)
ORDER BY n.agent, n.conversation, n.kind
ON CONFLICT (agent_id, conversation_id, kind) DO UPDATE
SET text = '', sends = d.sends + excluded.sends, sent = excluded.sent, saved = excluded.saved

-- drop: A conversation that has ended keeps no drafts.
DELETE FROM drafts WHERE conversation_id = ANY($1::bigint[])
