-- list: Questions of some kinds: open ones first, those due next on top, then the lately answered.
SELECT q.id, q.contact_id, q.kind, q.text, q.asked, q.answered, q.answer, a.name AS answered_by, c.channel, c.name, d.due,
       q.owner, o.name AS owner_name, q.proposed,
       CASE WHEN c.channel = ANY($2::text[]) THEN c.address END AS address
FROM questions q
JOIN contacts c ON c.id = q.contact_id
LEFT JOIN agents a ON a.id = q.answered_by
LEFT JOIN agents o ON o.id = q.owner
LEFT JOIN LATERAL (
    SELECT due FROM deadlines
    WHERE subject = 'question' AND subject_id = q.id AND met IS NULL AND voided IS NULL ORDER BY due LIMIT 1
) d ON true
WHERE q.kind = ANY($1::text[]) AND ($3::int IS NULL OR q.owner = $3) AND (q.answered IS NULL OR q.answered > statement_timestamp() - interval '7 days')
ORDER BY q.answered IS NOT NULL, d.due NULLS LAST, q.answered DESC, q.asked
LIMIT 200

-- one: A question.
SELECT id, contact_id, kind, text, answered, answered_by, answer, owner FROM questions WHERE id = $1

-- open: How many questions wait for an answer.
SELECT count(*) FROM questions WHERE answered IS NULL AND kind IN ('follow_up', 'overnight', 'plan')

-- open_of: What a contact waits to be answered, the earliest first.
SELECT id, kind, text, asked FROM questions
WHERE contact_id = $1 AND answered IS NULL AND kind IN ('follow_up', 'overnight', 'plan') ORDER BY asked

-- colleagues: To whom a question can be handed over.
SELECT id, name FROM agents WHERE NOT disabled AND role NOT IN ('auditor', 'inspector', 'handler') ORDER BY name, id LIMIT 300

-- propose: An answered question is offered to the knowledge base, once.
UPDATE questions SET proposed = clock_timestamp() WHERE id = $1 AND answered IS NOT NULL AND proposed IS NULL RETURNING id

-- proposed: What was offered to the knowledge base, the latest first.
SELECT id, text, answer, proposed FROM questions WHERE proposed IS NOT NULL ORDER BY proposed DESC LIMIT 500
