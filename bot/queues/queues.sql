-- waiting: Conversations that may find an agent now, in waiting order: of each queue no more than there are free places.
-- What is offered again comes beside them, so that chats which only their own owner could take hold nobody back.
SELECT w.id, w.contact_id, w.queue, w.version, w.assignee, q.skill, c.channel,
       (SELECT p.assignee FROM conversations p
        WHERE p.contact_id = w.contact_id AND p.id < w.id AND p.assignee IS NOT NULL
          AND p.closed > clock_timestamp() - $4::interval
        ORDER BY p.id DESC LIMIT 1) AS knows
FROM queues q
CROSS JOIN LATERAL (
    (SELECT v.id, v.contact_id, v.queue, v.version, v.assignee, v.queued - v.priority * interval '60 seconds' AS place
     FROM conversations v
     WHERE v.queue = q.id AND v.status = 'queued' AND v.id <> ALL($3::bigint[])
     ORDER BY place, v.id LIMIT $1)
    UNION ALL
    SELECT v.id, v.contact_id, v.queue, v.version, v.assignee, v.queued - v.priority * interval '60 seconds'
    FROM conversations v
    WHERE v.queue = q.id AND v.status = 'assigned' AND v.reoffer AND v.id <> ALL($3::bigint[])
) w
JOIN contacts c ON c.id = w.contact_id
WHERE q.skill = '' OR q.skill = ANY($2::text[])
ORDER BY w.place, w.id

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
