-- add_agents: People who are present, each with so much room; every other one knows about broadband.
INSERT INTO agents (login, name, password_hash, role, skills, capacity, presence)
SELECT 'bench' || n, 'bench' || n, '', 'agent', CASE WHEN n % 2 = 0 THEN ARRAY['broadband'] ELSE '{}' END, $2, 'online'
FROM generate_series(1, $1::int) AS n

-- only_ours: Nobody else is at the desk.
UPDATE agents SET presence = 'offline'

-- add_waiting: Conversations that wait for a person, a third of them in the queue that requires a skill.
WITH new_contacts AS (
    INSERT INTO contacts (channel, account, address, conversation_id)
    SELECT 'web', 'demo', 'waiting:' || ($1 + n), $1 + n FROM generate_series(1, $2::bigint) AS n
    RETURNING id, conversation_id
)
INSERT INTO conversations (id, contact_id, status, version, queue, priority, reoffer, misses, opened, spoke, queued,
    waiting_since, wrapup, first_seq)
SELECT conversation_id, id, 'queued', 1, CASE WHEN conversation_id % 3 = 0 THEN 'bench' ELSE 'service' END, 0, false, 0,
    at, at, at, at, '', 1
FROM new_contacts, LATERAL (SELECT clock_timestamp() - (conversation_id % 600) * interval '1 second' AS at) AS moment

-- twice: Chats that were given more than once: more than one change, or more than one word to the customer.
SELECT count(*) FROM conversations v
WHERE v.id > $1 AND (v.version > 2 OR (SELECT count(*) FROM messages m WHERE m.conversation_id = v.id) > 1)

-- left: Chats that wait still.
SELECT count(*) FROM conversations WHERE id > $1 AND status = 'queued'

-- overfull: Agents who were given more than they can carry, or chats that require a skill they lack.
SELECT count(*) FROM agents a
WHERE (SELECT count(*) FROM conversations v WHERE v.assignee = a.id AND v.closed IS NULL) > a.capacity
   OR (NOT 'broadband' = ANY(a.skills)
       AND EXISTS (SELECT 1 FROM conversations v WHERE v.assignee = a.id AND v.queue = 'bench'))
