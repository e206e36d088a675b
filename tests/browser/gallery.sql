-- promoted: Whoever looks sees all pages, in this language.
UPDATE agents SET role = 'admin', language = $1 WHERE login = 'manager' RETURNING id

-- present: Two agents of every city are at the desk.
UPDATE agents SET presence = 'online', presence_since = now() - interval '2 hours' WHERE login ~ 'a[12]$'

-- request: A customer has asked for an invoice.
INSERT INTO business_requests (contact_id, form, version, answers, started, filed)
SELECT contact_id, 'invoice', 1,
       jsonb_build_array(jsonb_build_object('step', 'kind', 'value', 'company', 'at', to_char(now(), 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))),
       now() - interval '9 minutes', now() - interval '5 minutes'
FROM conversations WHERE id = $1

-- improvement: A topic of complaints has grown.
WITH examined AS (
    INSERT INTO complaint_weeks (week) VALUES (date_trunc('week', now()) - interval '7 days')
    ON CONFLICT (week) DO UPDATE SET examined = now() RETURNING week
)
INSERT INTO improvements (week, cause, business, department, complaints, usual, due)
SELECT week, 'charge', 'charge.dispute', 'billing', 11, 3.5, now() + interval '6 days' FROM examined
ON CONFLICT DO NOTHING

-- letters: Some of what was sent last did not arrive.
UPDATE outbox SET state = 'failed', error = '45047'
WHERE id IN (SELECT id FROM outbox WHERE state = 'sent' ORDER BY id DESC LIMIT 3)
