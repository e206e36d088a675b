-- queues: The queues and the skill that each requires.
SELECT id, skill, priority, longest FROM queues ORDER BY priority DESC, id

-- waiting: Conversations that wait for an agent, or are offered to another one, in waiting order.
SELECT id, contact_id, queue, version, assignee,
       queued - priority * interval '60 seconds' AS place
FROM conversations
WHERE status = 'queued' OR (status = 'assigned' AND reoffer)
ORDER BY place, id

-- agents: Agents who have chosen to be present, with the chats that they carry now; calls come by telephone.
SELECT a.id, a.name, a.skills, a.capacity, a.presence_since,
       (SELECT count(*) FROM conversations v WHERE v.assignee = a.id AND v.closed IS NULL AND v.call_id IS NULL) AS carried,
       (SELECT max(assigned) FROM conversations v
        WHERE v.assignee = a.id AND v.closed IS NULL AND v.call_id IS NULL) AS last_assigned
FROM agents a
WHERE a.presence = 'online' AND NOT a.disabled

-- resting: Chats that rest on somebody who is not at the desk.
SELECT v.id, v.contact_id, v.version, v.assignee
FROM conversations v JOIN agents a ON a.id = v.assignee
WHERE v.status = 'assigned' AND v.closed IS NULL AND v.call_id IS NULL AND (a.presence = 'offline' OR a.disabled)

-- go_offline: An agent whose desk has not been heard of for longer than the grace.
UPDATE agents SET presence = 'offline', presence_since = clock_timestamp()
WHERE id = ANY($1::int[]) AND presence <> 'offline'
RETURNING id

-- seated: Agents who count as being at the desk, whatever they have chosen.
SELECT id, presence_since FROM agents WHERE presence <> 'offline' AND NOT disabled

-- staffing: How many serve and wait in each queue.
SELECT q.id, q.longest, q.priority,
       (SELECT count(*) FROM conversations v WHERE v.status = 'queued' AND v.queue = q.id) AS waiting,
       (SELECT count(*) FROM agents a
        WHERE a.presence = 'online' AND NOT a.disabled AND (q.skill = '' OR q.skill = ANY(a.skills))) AS on_duty
FROM queues q
