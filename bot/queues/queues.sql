-- waiting: Conversations that may find an agent now, in waiting order: of each kind no more than there are free places.
-- A kind is a queue and a stretch of waiting, from so many seconds on and below so many; '' stands for queues that are no
-- longer published. What is offered again comes beside them, so that chats which only their own owner could take hold
-- nobody back.
SELECT w.id, w.contact_id, w.version, w.assignee, w.offer_until, w.passed, k.place AS kind, c.channel,
       (SELECT p.assignee FROM conversations p
        WHERE p.contact_id = w.contact_id AND p.id < w.id AND p.assignee IS NOT NULL
          AND p.closed > statement_timestamp() - $7::interval
        ORDER BY p.id DESC LIMIT 1) AS knows
FROM unnest($1::text[], $2::float8[], $3::float8[]) WITH ORDINALITY AS k(queue, since, below, place)
CROSS JOIN LATERAL (
    (SELECT v.id, v.contact_id, v.version, v.assignee, v.queued - v.priority * interval '60 seconds' AS place,
            v.offer_until,
            CASE WHEN v.offer_until > statement_timestamp() - $8::interval THEN v.offer_passed END AS passed
     FROM conversations v
     WHERE (v.queue = k.queue OR (k.queue = '' AND v.queue <> ALL($4::text[])))
       AND v.status = 'queued' AND v.offer_to IS NULL AND v.id <> ALL($6::bigint[])
       AND v.queued <= statement_timestamp() - k.since * interval '1 second'
       AND v.queued > statement_timestamp() - k.below * interval '1 second'
     ORDER BY place, v.id LIMIT $5)
    UNION ALL
    SELECT v.id, v.contact_id, v.version, v.assignee, v.queued - v.priority * interval '60 seconds', v.offer_until,
           CASE WHEN v.offer_until > statement_timestamp() - $8::interval THEN v.offer_passed END
    FROM conversations v
    WHERE (v.queue = k.queue OR (k.queue = '' AND v.queue <> ALL($4::text[])))
      AND v.status = 'assigned' AND v.reoffer AND v.offer_to IS NULL AND v.id <> ALL($6::bigint[])
      AND v.queued <= statement_timestamp() - k.since * interval '1 second'
      AND v.queued > statement_timestamp() - k.below * interval '1 second'
) w
JOIN contacts c ON c.id = w.contact_id
ORDER BY w.place, w.id

-- agents: Agents who have chosen to be present, with the chats that they carry or are offered now; calls come by telephone.
-- What is set aside holds no place, as long as nobody has twice as many chats as they can carry.
WITH aside AS (
    SELECT z.agent_id, array_agg(z.conversation_id) AS chats FROM set_aside z GROUP BY z.agent_id
)
SELECT a.id, a.name, k.skills, a.capacity, a.presence_since, a.channel_limits,
       CASE WHEN a.channel_limits <> '{}' THEN (
           SELECT coalesce(jsonb_object_agg(n.channel, n.carried), '{}')
           FROM (SELECT c.channel, count(*) AS carried
                 FROM conversations v JOIN contacts c ON c.id = coalesce(v.last_used, v.contact_id)
                 WHERE (v.assignee = a.id AND v.closed IS NULL AND v.call_id IS NULL
                        AND (z.chats IS NULL OR v.id <> ALL(z.chats))) OR v.offer_to = a.id
                 GROUP BY c.channel) n
       ) END AS by_channel,
       (SELECT count(*) FROM conversations v WHERE v.assignee = a.id AND v.closed IS NULL AND v.call_id IS NULL)
       + (SELECT count(*) FROM conversations v WHERE v.offer_to = a.id)
       - least(coalesce(cardinality(z.chats), 0), a.capacity) AS carried,
       greatest(
           (SELECT max(assigned) FROM conversations v
            WHERE v.assignee = a.id AND v.closed IS NULL AND v.call_id IS NULL),
           (SELECT max(offer_until) FROM conversations v WHERE v.offer_to = a.id)) AS last_assigned
FROM agents a
JOIN certified k ON k.agent_id = a.id
LEFT JOIN aside z ON z.agent_id = a.id
WHERE a.presence = 'online' AND NOT a.disabled

-- resting: Chats that rest on somebody who is not at the desk.
SELECT v.id, v.contact_id, v.version, v.assignee
FROM conversations v JOIN agents a ON a.id = v.assignee
WHERE v.status = 'assigned' AND v.closed IS NULL AND v.call_id IS NULL AND (a.presence = 'offline' OR a.disabled)

-- lapsed: Offers that nobody has answered in time.
SELECT v.id, v.contact_id, v.offer_to, v.offer_until, v.offer_by, a.name
FROM conversations v JOIN agents a ON a.id = v.offer_to
WHERE v.offer_to IS NOT NULL AND v.offer_until <= statement_timestamp()

-- go_offline: An agent whose desk has not been heard of for longer than the grace.
UPDATE agents SET presence = 'offline', presence_reason = 'lost', presence_by = NULL, presence_since = clock_timestamp()
WHERE id = ANY($1::int[]) AND presence <> 'offline'
RETURNING id

-- set_on_break: Somebody has let an offer pass; only who is online is set on a break by that.
UPDATE agents
SET presence = 'break', presence_reason = 'unanswered', presence_by = NULL, presence_since = clock_timestamp()
WHERE id = $1 AND presence = 'online'
RETURNING id

-- seated: Agents who count as being at the desk, whatever they have chosen.
SELECT id, presence_since FROM agents WHERE presence <> 'offline' AND NOT disabled

-- staffing: How many serve and wait in each queue.
SELECT q.id, q.longest,
       (SELECT count(*) FROM conversations v WHERE v.status = 'queued' AND v.queue = q.id) AS waiting,
       (SELECT count(*) FROM agents a JOIN certified k ON k.agent_id = a.id
        WHERE a.presence = 'online' AND NOT a.disabled AND q.required <@ k.skills) AS on_duty,
       (SELECT coalesce(sum(a.capacity), 0) FROM agents a JOIN certified k ON k.agent_id = a.id
        WHERE a.presence = 'online' AND NOT a.disabled AND q.required <@ k.skills) AS places
FROM queues q

-- handling: How many minutes the last conversations of each queue took from the assignment to the close, in the middle.
SELECT q.id, percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM v.closed - v.assigned)) / 60 AS minutes
FROM queues q
CROSS JOIN LATERAL (
    SELECT closed, assigned FROM conversations
    WHERE queue = q.id AND closed > statement_timestamp() - interval '7 days' AND assigned IS NOT NULL AND call_id IS NULL
    ORDER BY closed DESC LIMIT $1
) v
GROUP BY q.id
HAVING count(*) >= $2

-- routing: The routing that was published last.
SELECT text FROM routings ORDER BY id DESC LIMIT 1

-- add_routing: Publish a routing.
INSERT INTO routings (text) VALUES ($1)

-- put_queue: A queue of the routing.
INSERT INTO queues (id, name_zh, name_en, priority, longest, required) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (id) DO UPDATE
SET name_zh = excluded.name_zh, name_en = excluded.name_en, priority = excluded.priority, longest = excluded.longest,
    required = excluded.required

-- drop_queues: Queues that the routing no longer has.
DELETE FROM queues WHERE id <> ALL($1::text[])

-- overdue: Conversations that have waited so long that another queue takes them over.
SELECT v.id, v.contact_id, v.version, o.overflow
FROM unnest($1::text[], $2::text[], $3::float8[]) AS o(queue, overflow, after)
JOIN conversations v ON v.queue = o.queue AND v.status = 'queued'
WHERE v.queued < statement_timestamp() - o.after * interval '1 second'
