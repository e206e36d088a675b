-- offered: What this agent is asked to take now, with the customer's last words and what a colleague says about it.
SELECT v.id, v.contact_id, v.offer_until, v.offer_by, b.name AS by_name, c.channel, c.name,
       coalesce(q.name_zh, '') AS queue_zh, coalesce(q.name_en, '') AS queue_en,
       coalesce((SELECT left(m.text, 160) FROM messages m
                 WHERE m.conversation_id = v.id AND m.sender = 'contact' AND m.text <> ALL($2::text[])
                 ORDER BY m.sent_at DESC, m.seq DESC LIMIT 1), '') AS line,
       CASE WHEN v.offer_by IS NOT NULL THEN
           (SELECT t.note FROM transfers t WHERE t.conversation_id = v.id ORDER BY t.id DESC LIMIT 1) END AS note
FROM conversations v
JOIN contacts c ON c.id = coalesce(v.last_used, v.contact_id)
LEFT JOIN agents b ON b.id = v.offer_by
LEFT JOIN queues q ON q.id = v.queue
WHERE v.offer_to = $1 AND v.offer_until > statement_timestamp()
ORDER BY v.offer_until

-- colleagues: Who is at the desk besides this agent, with the chats that they carry or are offered; who is free comes first.
SELECT a.id, a.name, a.login, a.team, a.presence, a.presence_since, a.presence_reason, a.capacity, load.carried
FROM agents a
CROSS JOIN LATERAL (
    SELECT (SELECT count(*) FROM conversations v WHERE v.assignee = a.id AND v.closed IS NULL AND v.call_id IS NULL)
        + (SELECT count(*) FROM conversations v WHERE v.offer_to = a.id) AS carried
) AS load
WHERE a.id <> $1 AND a.presence <> 'offline' AND NOT a.disabled
ORDER BY presence = ANY($2::text[]) DESC, carried >= capacity, carried, name
LIMIT 200

-- colleague: Somebody who can be asked to take a conversation over.
SELECT id, name FROM agents WHERE id = $1 AND presence = ANY($2::text[]) AND NOT disabled

-- places: The queues, and how many wait in each.
SELECT q.id, q.name_zh, q.name_en,
       (SELECT count(*) FROM conversations v WHERE v.status = 'queued' AND v.queue = q.id) AS waiting
FROM queues q ORDER BY q.priority DESC, q.id

-- helpers: Who was asked to help with a conversation.
SELECT i.agent_id, i.answers, a.name FROM invitations i JOIN agents a ON a.id = i.agent_id
WHERE i.conversation_id = $1 AND i.ended IS NULL ORDER BY i.id

-- handover: What was said last about a conversation by whoever passed it on.
SELECT t.agent, t.note, t.asked, a.name
FROM transfers t JOIN agents a ON a.id = t.agent
WHERE t.conversation_id = $1 ORDER BY t.id DESC LIMIT 1
