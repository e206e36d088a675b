-- waiting: Who waits now, the longest first.
WITH picked AS MATERIALIZED (
    SELECT v.id, coalesce(v.last_used, v.contact_id) AS contact_id, coalesce(a.name, '') AS owner, v.queued AS at,
           extract(epoch FROM clock_timestamp() - v.queued)::float8 AS seconds, NULL::float8 AS score, '' AS clause, true AS linked
    FROM conversations v
    LEFT JOIN agents a ON a.id = v.assignee
    LEFT JOIN units u ON u.id = a.unit_id
    WHERE v.status = 'queued' AND v.call_id IS NULL AND ($1 = '' OR v.queue = $1)
    ORDER BY at LIMIT 200
)
SELECT p.*, c.channel, c.name FROM picked p JOIN contacts c ON c.id = p.contact_id ORDER BY at

-- chats: Chats with people now, the longest unanswered first.
WITH picked AS MATERIALIZED (
    SELECT v.id, coalesce(v.last_used, v.contact_id) AS contact_id, coalesce(a.name, '') AS owner, v.assigned AS at,
           extract(epoch FROM clock_timestamp() - v.waiting_since)::float8 AS seconds, NULL::float8 AS score, '' AS clause, true AS linked
    FROM conversations v
    LEFT JOIN agents a ON a.id = v.assignee
    LEFT JOIN units u ON u.id = a.unit_id
    WHERE v.status = 'assigned' AND v.call_id IS NULL AND starts_with(coalesce(u.path, '/'), $1) AND ($2 = '' OR v.queue = $2)
    ORDER BY seconds DESC NULLS LAST LIMIT 200
)
SELECT p.*, c.channel, c.name FROM picked p JOIN contacts c ON c.id = p.contact_id ORDER BY seconds DESC NULLS LAST

-- opened: Conversations that began since a moment, the latest first; what the bot alone served is open to the headquarters.
WITH picked AS MATERIALIZED (
    SELECT v.id, coalesce(v.last_used, v.contact_id) AS contact_id, coalesce(a.name, '') AS owner, v.opened AS at,
           NULL::float8 AS seconds, NULL::float8 AS score, '' AS clause, v.closed IS NULL OR u.path IS NOT NULL OR $1 = '/' AS linked
    FROM conversations v
    LEFT JOIN agents a ON a.id = v.assignee
    LEFT JOIN units u ON u.id = a.unit_id
    WHERE v.opened >= $2 AND v.call_id IS NULL AND starts_with(coalesce(u.path, $1), $1) AND ($3 = '' OR v.queue = $3)
    ORDER BY at DESC LIMIT 200
)
SELECT p.*, c.channel, c.name FROM picked p JOIN contacts c ON c.id = p.contact_id ORDER BY at DESC

-- bots: Those of them that no person was called into.
WITH picked AS MATERIALIZED (
    SELECT v.id, coalesce(v.last_used, v.contact_id) AS contact_id, coalesce(a.name, '') AS owner, v.opened AS at,
           NULL::float8 AS seconds, NULL::float8 AS score, '' AS clause, v.closed IS NULL OR u.path IS NOT NULL OR $1 = '/' AS linked
    FROM conversations v
    LEFT JOIN agents a ON a.id = v.assignee
    LEFT JOIN units u ON u.id = a.unit_id
    WHERE v.opened >= $2 AND v.call_id IS NULL AND starts_with(coalesce(u.path, $1), $1) AND ($3 = '' OR v.queue = $3)
      AND v.queued IS NULL AND v.returned IS NULL
    ORDER BY at DESC LIMIT 200
)
SELECT p.*, c.channel, c.name FROM picked p JOIN contacts c ON c.id = p.contact_id ORDER BY at DESC

-- first: First answers of people since a moment, the slowest first.
WITH picked AS MATERIALIZED (
    SELECT v.id, coalesce(v.last_used, v.contact_id) AS contact_id, coalesce(a.name, '') AS owner, d.met AS at,
           extract(epoch FROM d.met - d.opened)::float8 AS seconds, NULL::float8 AS score, d.clause AS clause, true AS linked
    FROM deadlines d
    CROSS JOIN LATERAL (SELECT * FROM conversations WHERE id = d.subject_id OFFSET 0) v
    LEFT JOIN agents a ON a.id = v.assignee
    LEFT JOIN units u ON u.id = a.unit_id
    WHERE d.met >= $2 AND d.clause IN ('enquiry.first_response', 'enquiry.next_response')
      AND starts_with(coalesce(u.path, '/'), $1) AND ($3 = '' OR v.queue = $3)
      AND d.clause = 'enquiry.first_response'
    ORDER BY seconds DESC LIMIT 200
)
SELECT p.*, c.channel, c.name FROM picked p JOIN contacts c ON c.id = p.contact_id ORDER BY seconds DESC

-- mean: All answers of people since a moment, the slowest first.
WITH picked AS MATERIALIZED (
    SELECT v.id, coalesce(v.last_used, v.contact_id) AS contact_id, coalesce(a.name, '') AS owner, d.met AS at,
           extract(epoch FROM d.met - d.opened)::float8 AS seconds, NULL::float8 AS score, d.clause AS clause, true AS linked
    FROM deadlines d
    CROSS JOIN LATERAL (SELECT * FROM conversations WHERE id = d.subject_id OFFSET 0) v
    LEFT JOIN agents a ON a.id = v.assignee
    LEFT JOIN units u ON u.id = a.unit_id
    WHERE d.met >= $2 AND d.clause IN ('enquiry.first_response', 'enquiry.next_response')
      AND starts_with(coalesce(u.path, '/'), $1) AND ($3 = '' OR v.queue = $3)
    ORDER BY seconds DESC LIMIT 200
)
SELECT p.*, c.channel, c.name FROM picked p JOIN contacts c ON c.id = p.contact_id ORDER BY seconds DESC

-- satisfaction: Scores since a moment, the lowest first.
WITH picked AS MATERIALIZED (
    SELECT v.id, coalesce(v.last_used, s.contact_id) AS contact_id, coalesce(a.name, '') AS owner, s.scored AS at,
           NULL::float8 AS seconds, s.score::float8 AS score, '' AS clause, v.id IS NOT NULL AS linked
    FROM surveys s
    LEFT JOIN LATERAL (SELECT * FROM conversations WHERE id = s.conversation_id OFFSET 0) v ON true
    LEFT JOIN agents a ON a.id = s.agent_id
    LEFT JOIN units u ON u.id = a.unit_id
    WHERE s.scored >= $2 AND s.score IS NOT NULL AND starts_with(coalesce(u.path, '/'), $1) AND ($3 = '' OR v.queue = $3)
    ORDER BY score, at DESC LIMIT 200
)
SELECT p.*, c.channel, c.name FROM picked p JOIN contacts c ON c.id = p.contact_id ORDER BY score, at DESC

-- breaches: Limits that people let pass since a moment, the latest first; by how much.
WITH picked AS MATERIALIZED (
    SELECT v.id, coalesce(v.last_used, d.contact_id) AS contact_id, coalesce(a.name, '') AS owner, d.breached AS at,
           extract(epoch FROM coalesce(d.met, d.voided, clock_timestamp()) - d.due)::float8 AS seconds, NULL::float8 AS score, d.clause AS clause, v.id IS NOT NULL AS linked
    FROM deadlines d
    LEFT JOIN LATERAL (
        SELECT * FROM conversations WHERE d.subject = 'conversation' AND id = d.subject_id OFFSET 0
    ) v ON true
    LEFT JOIN agents a ON a.id = v.assignee
    LEFT JOIN units u ON u.id = a.unit_id
    WHERE d.breached >= $2 AND d.clause NOT LIKE 'conversation.%' AND d.clause NOT IN ('survey.online', 'call.end')
      AND starts_with(coalesce(u.path, $1), $1) AND ($3 = '' OR v.queue = $3)
    ORDER BY at DESC LIMIT 200
)
SELECT p.*, c.channel, c.name FROM picked p JOIN contacts c ON c.id = p.contact_id ORDER BY at DESC

-- on_duty: Everyone within a scope, those on duty first.
SELECT a.id, a.name, u.name AS unit, a.presence, a.presence_since, a.capacity,
       (SELECT count(*) FROM conversations v
        WHERE v.assignee = a.id AND v.closed IS NULL AND v.status = 'assigned' AND v.call_id IS NULL)::int AS carried
FROM agents a
JOIN units u ON u.id = a.unit_id
WHERE NOT a.disabled AND starts_with(u.path, $1) AND a.role IN ('agent', 'leader', 'manager')
ORDER BY a.presence NOT IN ('online', 'busy'), a.presence = 'offline', a.presence, a.name
LIMIT 500
