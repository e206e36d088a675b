-- running: Limits that run and that people keep, as far as somebody leads over them, the nearest first.
SELECT d.id, d.subject, d.clause, d.due, d.opened, d.contact_id, c.channel, c.name,
       v.id AS conversation_id, v.version, v.status, v.assignee, a.name AS owner, coalesce(n.name, '') AS unit,
       q.name_zh, q.name_en
FROM deadlines d
LEFT JOIN LATERAL (
    SELECT * FROM conversations WHERE d.subject = 'conversation' AND id = d.subject_id OFFSET 0
) v ON true
JOIN contacts c ON c.id = coalesce(v.last_used, d.contact_id)
LEFT JOIN agents a ON a.id = v.assignee
LEFT JOIN units n ON n.id = a.unit_id
LEFT JOIN queues q ON q.id = v.queue
WHERE d.met IS NULL AND d.voided IS NULL AND d.clause NOT LIKE 'conversation.%' AND d.clause NOT IN ('survey.online', 'call.end')
  AND starts_with(coalesce(n.path, $1), $1)           -- of their unit, or of nobody
  AND ($2 = '' OR d.clause = $2) AND ($3 = '' OR starts_with(n.path, $3))
  AND ($4::timestamptz IS NULL OR (d.due, d.id) > ($4, $5::bigint))
ORDER BY d.due, d.id
LIMIT $6

-- clauses: The clauses of which a limit runs now.
SELECT DISTINCT clause FROM deadlines d
WHERE d.met IS NULL AND d.voided IS NULL AND d.clause NOT LIKE 'conversation.%' AND d.clause NOT IN ('survey.online', 'call.end')
ORDER BY clause

-- teams: The units at or below a path.
SELECT path, name FROM units WHERE starts_with(path, $1) ORDER BY path
