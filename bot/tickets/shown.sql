-- one: A ticket with whose it is, if this person may see it.
SELECT t.*, c.name AS customer_name, c.channel, c.customer_id, o.name AS owner_name, h.name AS handler_name,
       b.name AS created_by_name, r.form
FROM tickets t
JOIN contacts c ON c.id = t.contact_id
LEFT JOIN agents o ON o.id = t.owner
LEFT JOIN units u ON u.id = o.unit_id
LEFT JOIN agents h ON h.id = t.handler
LEFT JOIN agents b ON b.id = t.created_by
LEFT JOIN business_requests r ON r.id = t.request_id
WHERE t.id = $1 AND CASE WHEN $4::text <> '' THEN t.department = $4 OR $3 IN (t.handler, t.owner)
    ELSE t.owner IS NULL OR starts_with(u.path, $2) OR $3 IN (t.owner, t.handler, t.created_by) END

-- steps: The timeline, with what became of each telling; channels without an outbox show the thread itself.
SELECT s.id, s.at, s.what, s.text, s.fields, s.seq, a.name AS by,
       CASE WHEN s.seq IS NULL THEN ''
            WHEN out.state IS NULL THEN 'sent'
            WHEN out.state IN ('queued', 'offered') AND out.held AND out.due > statement_timestamp() THEN 'held'
            WHEN out.state IN ('sent', 'failed', 'in_doubt') THEN out.state
            WHEN out.state = 'dropped' THEN 'failed'
            ELSE 'queued' END AS told
FROM ticket_steps s
JOIN tickets t ON t.id = s.ticket_id
LEFT JOIN agents a ON a.id = s.agent_id
LEFT JOIN outbox out ON out.ticket_id = s.ticket_id AND s.seq BETWEEN out.from_seq AND out.to_seq
WHERE s.ticket_id = $1
ORDER BY s.id DESC

-- deadlines: All limits that the ticket has and had, those that run first.
SELECT clause, opened, due, breached, met, voided FROM deadlines
WHERE subject_id = $1 AND subject IN ('ticket', 'complaint')
ORDER BY met IS NOT NULL OR voided IS NOT NULL, due, id

-- conversations: The conversations that are about it.
SELECT v.id, v.opened, v.closed, c.channel FROM ticket_conversations l
JOIN conversations v ON v.id = l.conversation_id JOIN contacts c ON c.id = v.contact_id
WHERE l.ticket_id = $1 ORDER BY v.id

-- files: The files that belong to it.
SELECT f.id, f.name, f.type, f.size FROM ticket_files l JOIN files f ON f.id = l.file_id
WHERE l.ticket_id = $1 AND f.state = 'stored' ORDER BY f.created

-- file: Whether a file belongs to a ticket.
SELECT EXISTS (SELECT FROM ticket_files WHERE ticket_id = $1 AND file_id = $2)

-- of_contact: The tickets of a contact, and of its customer's other contacts, the latest first.
SELECT t.id, t.business, t.kind, t.grade, t.state, t.created, t.next_due FROM tickets t JOIN contacts c ON c.id = t.contact_id
WHERE c.id = $1 OR c.customer_id = (SELECT customer_id FROM contacts WHERE id = $1)
ORDER BY t.archived IS NOT NULL, t.id DESC LIMIT 6

-- said: What the customer has written in a conversation, the latest first.
SELECT text FROM messages
WHERE conversation_id = $1 AND sender = 'contact' AND length(text) > 3 ORDER BY seq DESC LIMIT 40

-- answers: The finished form that a ticket was made of.
SELECT r.id, r.form, r.version, r.answers, r.contact_id FROM business_requests r JOIN tickets t ON t.request_id = r.id
WHERE t.id = $1

-- followers: Who can follow a ticket.
SELECT id, name FROM agents WHERE role IN ('agent', 'leader', 'manager') AND NOT disabled ORDER BY name LIMIT 300

-- follower_logins: The same by log-in.
SELECT id, login FROM agents WHERE role IN ('agent', 'leader', 'manager') AND NOT disabled

-- known_outside: How many of these numbers of another system are known.
SELECT count(*) FROM tickets WHERE outside = ANY($1)

-- named: Somebody who can.
SELECT name FROM agents WHERE id = $1 AND role IN ('agent', 'leader', 'manager') AND NOT disabled

-- latest: The ticket that somebody has just written down.
SELECT max(id) FROM tickets WHERE contact_id = $1 AND created_by = $2

-- address: Where a contact is reached.
SELECT channel, account, address FROM contacts WHERE id = $1

-- waiting: How many tickets want this person: late ones that they follow, or untaken ones of their department.
SELECT count(*) FROM tickets WHERE archived IS NULL
    AND CASE WHEN $2 <> '' THEN department = $2 AND state = 'routed' ELSE owner = $1 AND next_due <= statement_timestamp() END

-- kept: The filters that somebody has kept.
SELECT name, query FROM ticket_filters WHERE agent_id = $1 ORDER BY name

-- keep: Keep a filter under a name.
INSERT INTO ticket_filters (agent_id, name, query) VALUES ($1, $2, $3)
ON CONFLICT (agent_id, name) DO UPDATE SET query = excluded.query

-- drop: Forget a filter.
DELETE FROM ticket_filters WHERE agent_id = $1 AND name = $2
