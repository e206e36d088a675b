-- waiting: Who waits now, the longest first.
SELECT v.id, v.contact_id, c.channel, c.name, coalesce(a.name, '') AS owner, v.queued AS at,
       extract(epoch FROM clock_timestamp() - v.queued)::float8 AS seconds, NULL::float8 AS score, '' AS clause, true AS linked
FROM conversations v
JOIN contacts c ON c.id = coalesce(v.last_used, v.contact_id)
LEFT JOIN agents a ON a.id = v.assignee
LEFT JOIN units u ON u.id = a.unit_id
WHERE v.status = 'queued' AND v.call_id IS NULL AND ($1 = '' OR v.queue = $1)
ORDER BY v.queued LIMIT 200

-- chats: Chats with people now, the longest unanswered first.
SELECT v.id, v.contact_id, c.channel, c.name, coalesce(a.name, '') AS owner, v.assigned AS at,
       extract(epoch FROM clock_timestamp() - v.waiting_since)::float8 AS seconds, NULL::float8 AS score, '' AS clause, true AS linked
FROM conversations v
JOIN contacts c ON c.id = coalesce(v.last_used, v.contact_id)
LEFT JOIN agents a ON a.id = v.assignee
LEFT JOIN units u ON u.id = a.unit_id
WHERE v.status = 'assigned' AND v.call_id IS NULL AND starts_with(coalesce(u.path, '/'), $1) AND ($2 = '' OR v.queue = $2)
ORDER BY v.waiting_since NULLS LAST, v.id LIMIT 200

-- opened: Conversations that began since a moment, the latest first; what the bot alone served is open to the headquarters.
SELECT v.id, v.contact_id, c.channel, c.name, coalesce(a.name, '') AS owner, v.opened AS at,
       NULL::float8 AS seconds, NULL::float8 AS score, '' AS clause, v.closed IS NULL OR u.path IS NOT NULL OR $1 = '/' AS linked
FROM conversations v
JOIN contacts c ON c.id = coalesce(v.last_used, v.contact_id)
LEFT JOIN agents a ON a.id = v.assignee
LEFT JOIN units u ON u.id = a.unit_id
WHERE v.opened >= $2 AND v.call_id IS NULL AND starts_with(coalesce(u.path, $1), $1) AND ($3 = '' OR v.queue = $3)
ORDER BY v.opened DESC LIMIT 200

-- bots: Those of them that no person was called into.
SELECT v.id, v.contact_id, c.channel, c.name, coalesce(a.name, '') AS owner, v.opened AS at,
       NULL::float8 AS seconds, NULL::float8 AS score, '' AS clause, v.closed IS NULL OR u.path IS NOT NULL OR $1 = '/' AS linked
FROM conversations v
JOIN contacts c ON c.id = coalesce(v.last_used, v.contact_id)
LEFT JOIN agents a ON a.id = v.assignee
LEFT JOIN units u ON u.id = a.unit_id
WHERE v.opened >= $2 AND v.call_id IS NULL AND starts_with(coalesce(u.path, $1), $1) AND ($3 = '' OR v.queue = $3)
  AND v.queued IS NULL AND v.returned IS NULL
ORDER BY v.opened DESC LIMIT 200

-- first: First answers of people since a moment, the slowest first.
SELECT v.id, v.contact_id, c.channel, c.name, coalesce(a.name, '') AS owner, d.met AS at,
       extract(epoch FROM d.met - d.opened)::float8 AS seconds, NULL::float8 AS score, d.clause AS clause, true AS linked
FROM deadlines d
JOIN conversations v ON v.id = d.subject_id
JOIN contacts c ON c.id = coalesce(v.last_used, v.contact_id)
LEFT JOIN agents a ON a.id = v.assignee
LEFT JOIN units u ON u.id = a.unit_id
WHERE d.met >= $2 AND d.clause IN ('enquiry.first_response', 'enquiry.next_response')
  AND starts_with(coalesce(u.path, '/'), $1) AND ($3 = '' OR v.queue = $3)
  AND d.clause = 'enquiry.first_response'
ORDER BY seconds DESC LIMIT 200

-- mean: All answers of people since a moment, the slowest first.
SELECT v.id, v.contact_id, c.channel, c.name, coalesce(a.name, '') AS owner, d.met AS at,
       extract(epoch FROM d.met - d.opened)::float8 AS seconds, NULL::float8 AS score, d.clause AS clause, true AS linked
FROM deadlines d
JOIN conversations v ON v.id = d.subject_id
JOIN contacts c ON c.id = coalesce(v.last_used, v.contact_id)
LEFT JOIN agents a ON a.id = v.assignee
LEFT JOIN units u ON u.id = a.unit_id
WHERE d.met >= $2 AND d.clause IN ('enquiry.first_response', 'enquiry.next_response')
  AND starts_with(coalesce(u.path, '/'), $1) AND ($3 = '' OR v.queue = $3)
ORDER BY seconds DESC LIMIT 200

-- satisfaction: Scores since a moment, the lowest first.
SELECT v.id, s.contact_id, c.channel, c.name, coalesce(a.name, '') AS owner, s.scored AS at,
       NULL::float8 AS seconds, s.score::float8 AS score, '' AS clause, v.id IS NOT NULL AS linked
FROM surveys s
JOIN contacts c ON c.id = s.contact_id
LEFT JOIN conversations v ON v.id = s.conversation_id
LEFT JOIN agents a ON a.id = s.agent_id
LEFT JOIN units u ON u.id = a.unit_id
WHERE s.scored >= $2 AND s.score IS NOT NULL AND starts_with(coalesce(u.path, '/'), $1) AND ($3 = '' OR v.queue = $3)
ORDER BY s.score, s.scored DESC LIMIT 200

-- breaches: Limits that people let pass since a moment, the latest first; by how much.
SELECT v.id, d.contact_id, c.channel, c.name, coalesce(a.name, '') AS owner, d.breached AS at,
       extract(epoch FROM coalesce(d.met, d.voided, clock_timestamp()) - d.due)::float8 AS seconds, NULL::float8 AS score, d.clause,
       v.id IS NOT NULL AS linked
FROM deadlines d
LEFT JOIN conversations v ON d.subject = 'conversation' AND v.id = d.subject_id
JOIN contacts c ON c.id = coalesce(v.last_used, d.contact_id)
LEFT JOIN agents a ON a.id = v.assignee
LEFT JOIN units u ON u.id = a.unit_id
WHERE d.breached >= $2 AND d.clause NOT LIKE 'conversation.%' AND d.clause NOT IN ('survey.online', 'call.end')
  AND starts_with(coalesce(u.path, $1), $1) AND ($3 = '' OR v.queue = $3)
ORDER BY d.breached DESC LIMIT 200

-- on_duty: Everyone within a scope, those on duty first.
SELECT a.id, a.name, u.name AS unit, a.presence, a.presence_since, a.capacity,
       (SELECT count(*) FROM conversations v
        WHERE v.assignee = a.id AND v.closed IS NULL AND v.status = 'assigned' AND v.call_id IS NULL)::int AS carried
FROM agents a
JOIN units u ON u.id = a.unit_id
WHERE NOT a.disabled AND starts_with(u.path, $1) AND a.role IN ('agent', 'leader', 'manager')
ORDER BY a.presence NOT IN ('online', 'busy'), a.presence = 'offline', a.presence, a.name
LIMIT 500
