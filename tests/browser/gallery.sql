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
INSERT INTO improvements (week, cause, business, department, complaints, usual)
SELECT week, 'charge', 'charge.dispute', 'billing', 11, 3.5 FROM examined
ON CONFLICT DO NOTHING

-- letters: Some of what was sent last did not arrive.
UPDATE outbox SET state = 'failed', error = '45047'
WHERE id IN (SELECT id FROM outbox WHERE state = 'sent' ORDER BY id DESC LIMIT 3)

-- import: A file of tickets that was checked, and one that was taken in.
INSERT INTO ticket_imports (agent_id, origin, name, place, state, good, known, done, wrong, named, taken) VALUES
    ($1, '', '省公司旧工单-10月.xlsx', NULL, 'taken', 412, 9, 412, 0, '[]', now() - interval '3 hours'),
    ($1, '', '省公司旧工单-11月.xlsx', repeat('0', 32), 'checked', 187, 4, 0, 3, '[[12, "phone", "phone", ""],
        [58, "created", "moment", "11月3日"], [141, "number", "twice", "SD-20261103-0071"]]', NULL)
