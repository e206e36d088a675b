-- waiting: Who waits for a person now, by queue, and for how many seconds the first of them has.
SELECT queue, count(*)::int AS waiting, extract(epoch FROM clock_timestamp() - min(queued))::float8 AS longest
FROM conversations
WHERE status = 'queued' AND call_id IS NULL
GROUP BY queue

-- people: Everyone within a scope, with the chats that they have now.
SELECT u.path, u.name AS unit, a.presence, a.capacity, k.skills, coalesce(v.carried, 0)::int AS carried
FROM agents a
JOIN units u ON u.id = a.unit_id
JOIN certified k ON k.agent_id = a.id
LEFT JOIN (
    SELECT assignee, count(*) AS carried FROM conversations WHERE status = 'assigned' AND call_id IS NULL GROUP BY assignee
) v ON v.assignee = a.id
WHERE NOT a.disabled AND starts_with(u.path, $1) AND a.role IN ('agent', 'leader', 'manager')

-- carried: Chats with people within a scope now, by queue.
SELECT v.queue, count(*)::int AS chats
FROM conversations v
LEFT JOIN agents a ON a.id = v.assignee
LEFT JOIN units u ON u.id = a.unit_id
WHERE v.status = 'assigned' AND v.call_id IS NULL AND starts_with(coalesce(u.path, '/'), $1)
GROUP BY v.queue

-- opened: Conversations of these units, or of nobody, that began since a moment; and those that no person was called into.
SELECT coalesce(sum(v.opened), 0)::int AS opened, coalesce(sum(v.bots), 0)::int AS bots
FROM (
    SELECT assignee, count(*) AS opened, count(*) FILTER (WHERE queued IS NULL AND returned IS NULL) AS bots
    FROM conversations WHERE opened >= $2 AND call_id IS NULL GROUP BY assignee
) v
LEFT JOIN agents a ON a.id = v.assignee
LEFT JOIN units u ON u.id = a.unit_id
WHERE starts_with(coalesce(u.path, $1), $1)

-- breaches: Limits that people let pass since a moment, by queue and unit.
SELECT coalesce(v.queue, '') AS queue, coalesce(u.path, '') AS path, count(*)::int AS breaches
FROM deadlines d
LEFT JOIN LATERAL (
    SELECT queue, assignee FROM conversations WHERE d.subject = 'conversation' AND id = d.subject_id OFFSET 0
) v ON true
LEFT JOIN agents a ON a.id = v.assignee
LEFT JOIN units u ON u.id = a.unit_id
WHERE d.breached >= $2 AND d.clause NOT LIKE 'conversation.%' AND d.clause NOT IN ('survey.online', 'call.end')
  AND starts_with(coalesce(u.path, $1), $1)           -- of their unit, or of nobody
GROUP BY v.queue, u.path

-- scores: What customers thought of services, as they said since a moment, by queue and unit of whoever served.
SELECT coalesce(v.queue, '') AS queue, coalesce(u.path, '') AS path, count(*)::int AS scores, sum(s.score)::float8 AS total
FROM surveys s
LEFT JOIN LATERAL (SELECT queue FROM conversations WHERE id = s.conversation_id OFFSET 0) v ON true
LEFT JOIN agents a ON a.id = s.agent_id
LEFT JOIN units u ON u.id = a.unit_id
WHERE s.scored >= $2 AND s.score IS NOT NULL AND starts_with(coalesce(u.path, '/'), $1)
GROUP BY v.queue, u.path

-- queues: The queues, and what each requires.
SELECT id, name_zh, name_en, required FROM queues ORDER BY priority DESC, id

-- thresholds: From which value on each figure is coloured.
SELECT figure, amber, red FROM wall_thresholds

-- set_threshold: An operator moves a figure's colours.
INSERT INTO wall_thresholds (figure, amber, red) VALUES ($1, $2, $3)
ON CONFLICT (figure) DO UPDATE SET amber = excluded.amber, red = excluded.red
