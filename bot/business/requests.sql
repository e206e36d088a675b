-- file: A finished form is on record.
INSERT INTO business_requests
    (contact_id, conversation_id, form, version, urgent, answers, started, started_by, filed, call, call_due)
VALUES ($1, $2, $3, $4, $5, $6::text::jsonb, $7, $8, $9::timestamptz, $10, CASE WHEN $10 <> '' THEN $9::timestamptz END)
RETURNING id

-- move: Take a request on from the state that somebody saw; the step is kept with who took it.
WITH moved AS (
    UPDATE business_requests SET state = $4, moved = $5, moved_by = $6
    WHERE id = $1 AND contact_id = $2 AND state = $3
    RETURNING id
)
INSERT INTO business_steps (request_id, state, at, agent_id, note) SELECT id, $4, $5, $6, $7 FROM moved
RETURNING request_id

-- list: Requests that an agent may see: open ones first, urgent ones on top of them, then the lately done. Those who lead
-- see what people of their unit have, too.
SELECT r.id, r.contact_id, r.conversation_id, r.form, r.version, r.urgent, r.answers, r.started, r.filed, r.state,
       r.moved, r.call, r.call_due, r.call_error, a.name AS moved_by, b.name AS started_by, c.channel, c.name, c.customer_id,
       (SELECT note FROM business_steps s WHERE s.request_id = r.id ORDER BY s.at DESC LIMIT 1) AS note
FROM business_requests r
JOIN contacts c ON c.id = r.contact_id
LEFT JOIN agents a ON a.id = r.moved_by
LEFT JOIN units u ON u.id = a.unit_id
LEFT JOIN agents b ON b.id = r.started_by
WHERE r.ticket_id IS NULL AND (r.state = 'new' OR starts_with(coalesce(u.path, '/'), $1) OR r.moved_by = $2 OR r.started_by = $2)
  AND CASE WHEN $3 = 'done' THEN r.state = 'done' ELSE r.state <> 'done' END
ORDER BY r.state = 'done', r.urgent DESC, CASE WHEN r.state = 'done' THEN NULL ELSE r.filed END, r.moved DESC
LIMIT 200

-- one: A request that an agent may see.
SELECT r.id, r.contact_id, r.form, r.version, r.answers, r.state, r.moved_by
FROM business_requests r
LEFT JOIN agents a ON a.id = r.moved_by
LEFT JOIN units u ON u.id = a.unit_id
WHERE r.id = $1 AND (r.state = 'new' OR starts_with(coalesce(u.path, '/'), $2) OR r.moved_by = $3 OR r.started_by = $3)

-- of_contact: What a contact has filed, the latest first.
SELECT id, form, version, answers, urgent, state, filed, moved, ticket_id FROM business_requests
WHERE contact_id = $1 ORDER BY id DESC LIMIT 5

-- under_way: The form that a contact is filling in.
SELECT form::text FROM contacts WHERE id = $1

-- open: How many requests nobody has taken in hand and no interface is asked for.
SELECT count(*) FROM business_requests WHERE state = 'new' AND call_due IS NULL AND ticket_id IS NULL

-- language: What a contact reads.
SELECT language FROM contacts WHERE id = $1
