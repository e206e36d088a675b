-- repeats: How often the same customer has complained about the same matter lately.
SELECT count(*) FROM tickets t JOIN contacts c ON c.id = t.contact_id
WHERE t.kind = 'complaint' AND t.business = $2 AND t.created > $3 AND t.merged_into IS NULL
  AND (c.id = $1 OR c.customer_id = (SELECT customer_id FROM contacts WHERE id = $1))

-- add: A new ticket; nothing where it comes from another system and is known already.
INSERT INTO tickets (contact_id, conversation_id, request_id, created_by, outside, kind, business, text, cause, people,
    loss, created, version, state, department, owner, transferred, repeats, grade, overruled, about_number, about_place,
    about_day, about_time)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)
ON CONFLICT (outside) WHERE outside IS NOT NULL DO NOTHING
RETURNING id

-- hold: Tickets of a contact, locked in order.
SELECT * FROM tickets WHERE id = ANY($1::bigint[]) AND contact_id = $2 ORDER BY id FOR UPDATE

-- change: A ticket as it now stands.
UPDATE tickets SET
    version = $2, state = $3, department = $4, owner = $5, handler = $6, transferred = $7, reported = $8, solved = $9,
    told = $10, visited = $11, drawn = $12, inspected = $13, reopened = $14, archived = $15, inspection = $16,
    extended_to = $17, extended_at = $18, merged_into = $19, repeats = $20, grade = $21, overruled = $22, graded = $23,
    verified = $24, replied = $25, emergency = $26, planned = $27, regulator = $28, next_due = $29, next_clause = $30
WHERE id = $1

-- add_steps: Lines of the timeline.
INSERT INTO ticket_steps (ticket_id, at, agent_id, what, text, fields, seq)
SELECT $1, $2, $3, n.what, n.text, n.fields::jsonb, n.seq
FROM unnest($4::text[], $5::text[], $6::text[], $7::bigint[]) AS n (what, text, fields, seq)

-- heard: By which rungs of a clause the customer has been told that it is late.
SELECT f.field ->> 1 AS rung FROM ticket_steps s, jsonb_array_elements(s.fields) AS f (field)
WHERE s.ticket_id = $1 AND s.seq IS NOT NULL AND s.fields @> jsonb_build_array(jsonb_build_array('clause', $2::text))
  AND f.field ->> 0 = 'rung'

-- link: A conversation is about a ticket.
INSERT INTO ticket_conversations (ticket_id, conversation_id)
SELECT $1, v.id FROM conversations v JOIN contacts c ON c.id = v.contact_id
WHERE v.id = $2 AND (v.contact_id = $3 OR v.last_used = $3
                     OR c.customer_id = (SELECT customer_id FROM contacts WHERE id = $3))
ON CONFLICT DO NOTHING
RETURNING conversation_id

-- attach: A file belongs to a ticket.
INSERT INTO ticket_files (ticket_id, file_id) VALUES ($1, $2) ON CONFLICT DO NOTHING

-- of_request: A finished form is followed as a ticket.
UPDATE business_requests SET ticket_id = $2 WHERE id = $1

-- handlers: Who works in a department.
SELECT id FROM agents WHERE department = $1 AND role = 'handler' AND NOT disabled ORDER BY id

-- alert: Put something about a ticket before people; without a person, before those who lead or manage.
INSERT INTO alerts (audience, agent_id, kind, contact_id, ticket_id, about, raised)
SELECT CASE WHEN agent IS NULL THEN $7 ELSE 'agent' END, agent, $2, $3, $4, $5, $6 FROM unnest($1::int[]) AS agent

-- unproven: Whether what told the customer of the present extension has failed.
SELECT EXISTS (
    SELECT FROM tickets t
    JOIN ticket_steps s ON s.ticket_id = t.id AND s.at = t.extended_at AND s.what = 'extended'
    JOIN outbox o ON o.ticket_id = t.id AND s.seq BETWEEN o.from_seq AND o.to_seq
    WHERE t.id = $1 AND o.state = 'failed')
