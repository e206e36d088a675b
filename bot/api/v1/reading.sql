-- conversations: Conversations as a key opens them, the latest first: what is nobody's, and what its units have.
SELECT v.id, v.status, v.version, v.queue, v.priority, v.opened, v.queued, v.assigned, v.waiting_since, v.answered,
       v.closed, v.wrapup, v.assignee, a.name AS assignee_name, c.id AS contact_id, c.channel, c.account, c.address,
       c.name, c.language
FROM conversations v
JOIN contacts c ON c.id = coalesce(v.last_used, v.contact_id)
LEFT JOIN agents a ON a.id = v.assignee
LEFT JOIN units u ON u.id = a.unit_id
WHERE (v.status IN ('bot', 'queued') OR starts_with(coalesce(u.path, '/'), $1))
  AND ($2::bigint IS NULL OR v.id < $2) AND ($3::bigint IS NULL OR v.id = $3)
  AND ($4::text IS NULL OR v.status = $4) AND ($5::text IS NULL OR v.queue = $5)
  AND ($6::text IS NULL OR c.channel = $6) AND ($7::int IS NULL OR v.assignee = $7)
  AND ($8::timestamptz IS NULL OR v.opened >= $8) AND ($9::timestamptz IS NULL OR v.opened < $9)
ORDER BY v.id DESC
LIMIT $10

-- messages: What was said in a conversation, over all contacts that take part, after a message; no notes.
SELECT m.contact_id, m.seq, m.sender, m.agent, m.kind, m.text, m.sent_at, c.name
FROM messages m JOIN contacts c ON c.id = m.contact_id
WHERE m.conversation_id = $1 AND m.sender <> 'note'
  AND ($2::timestamptz IS NULL OR (m.sent_at, m.contact_id, m.seq) > ($2, $3::bigint, $4::bigint))
ORDER BY m.sent_at, m.contact_id, m.seq
LIMIT $5

-- surveys: Surveys about services of a key's units, the latest first.
SELECT s.id, s.conversation_id, s.contact_id, s.agent_id, a.name AS agent_name, s.ended, s.asked, s.scored, s.stars,
       s.score, s.comment, s.skipped, s.solved, s.reasons, s.nps
FROM surveys s
JOIN agents a ON a.id = s.agent_id
JOIN units u ON u.id = a.unit_id
WHERE starts_with(u.path, $1) AND ($2::bigint IS NULL OR s.id < $2)
  AND ($3::bigint IS NULL OR s.conversation_id = $3) AND ($4::bool IS NULL OR (s.scored IS NOT NULL) = $4)
  AND ($5::timestamptz IS NULL OR s.ended >= $5) AND ($6::timestamptz IS NULL OR s.ended < $6)
ORDER BY s.id DESC
LIMIT $7

-- deadlines: Limits as a key opens them, the latest first: of nobody, and of what its units have.
SELECT d.id, d.subject, d.subject_id, d.clause, d.opened, d.due, d.warned, d.breached, d.met, d.voided,
       clock_timestamp() AS now
FROM deadlines d
LEFT JOIN conversations v ON d.subject = 'conversation' AND v.id = d.subject_id
LEFT JOIN surveys s ON d.subject = 'survey' AND s.id = d.subject_id
LEFT JOIN tickets t ON d.subject IN ('ticket', 'complaint') AND t.id = d.subject_id
LEFT JOIN agents a ON a.id = coalesce(v.assignee, s.agent_id, t.owner)
LEFT JOIN units u ON u.id = a.unit_id
WHERE (a.id IS NULL OR starts_with(u.path, $1)) AND ($2::bigint IS NULL OR d.id < $2)
  AND ($3::text IS NULL OR d.subject = $3) AND ($4::bigint IS NULL OR d.subject_id = $4)
  AND ($5::text IS NULL OR d.clause = $5)
  AND CASE $6::text WHEN 'running' THEN d.met IS NULL AND d.voided IS NULL AND d.due > statement_timestamp()
                    WHEN 'late' THEN d.met IS NULL AND d.voided IS NULL AND d.due <= statement_timestamp()
                    WHEN 'met' THEN d.met <= d.due WHEN 'met_late' THEN d.met > d.due
                    WHEN 'voided' THEN d.met IS NULL AND d.voided IS NOT NULL ELSE true END
ORDER BY d.id DESC
LIMIT $7

-- tickets: Tickets as a key opens them, the latest first: what nobody follows, and what people of its units do.
SELECT t.id, t.contact_id, t.conversation_id, t.kind, t.business, t.text, t.cause, t.people, t.loss, t.version, t.state,
       t.department, t.grade, t.owner, o.name AS owner_name, t.handler, h.name AS handler_name, t.created, t.transferred,
       t.reported, t.solved, t.told, t.visited, t.inspected, t.reopened, t.archived, t.extended_to, t.merged_into,
       t.next_due, t.next_clause, t.about_number, t.about_place, t.about_day, t.about_time, c.name AS customer_name, c.channel
FROM tickets t
JOIN contacts c ON c.id = t.contact_id
LEFT JOIN agents o ON o.id = t.owner
LEFT JOIN units u ON u.id = o.unit_id
LEFT JOIN agents h ON h.id = t.handler
WHERE (t.owner IS NULL OR starts_with(u.path, $1)) AND ($2::bigint IS NULL OR t.id < $2)
  AND ($3::bigint IS NULL OR t.id = $3) AND ($4::text IS NULL OR t.kind = $4) AND ($5::text IS NULL OR t.state = $5)
  AND ($6::text IS NULL OR t.department = $6) AND ($7::text IS NULL OR t.grade = $7)
  AND ($8::timestamptz IS NULL OR t.created >= $8) AND ($9::timestamptz IS NULL OR t.created < $9)
ORDER BY t.id DESC
LIMIT $10

-- steps: The timeline of a ticket, from its beginning.
SELECT s.at, s.what, s.text, s.agent_id, a.name AS agent_name, s.seq IS NOT NULL AS told
FROM ticket_steps s LEFT JOIN agents a ON a.id = s.agent_id
WHERE s.ticket_id = $1 ORDER BY s.id

-- made: The ticket that an act has made.
SELECT t.id FROM intake i JOIN tickets t ON t.created = i.taken AND t.created_by = $3
WHERE i.contact_id = $1 AND i.source_id = $2
