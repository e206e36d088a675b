-- list_rows: Rows of the outbox, the latest first; all states that still want something where none is named.
SELECT o.id, o.contact_id, c.channel, c.account, o.kind, o.state, o.created, o.due, o.attempts, o.error, o.provider_id
FROM outbox o JOIN contacts c ON c.id = o.contact_id
WHERE o.state = ANY($1::text[])
ORDER BY o.id DESC
LIMIT $2

-- hold_contact: The contact of a row, held first as the writer does, with what may still be pushed to it.
SELECT id, channel, budget_left, budget_expires, clock_timestamp() AS now
FROM contacts WHERE id = (SELECT contact_id FROM outbox WHERE id = $1)
FOR NO KEY UPDATE

-- hold: A row as it now stands, with how many messages a platform would count.
SELECT o.id, o.state, o.attempts, o.kind, o.notice, o.provider_id, o.contact_id,
       (SELECT count(*) FILTER (WHERE m.kind <> 'text') + bool_or(m.text <> '' OR m.kind = 'text')::int
        FROM messages m WHERE m.contact_id = o.contact_id AND m.seq BETWEEN o.from_seq AND o.to_seq) AS messages
FROM outbox o WHERE o.id = $1
FOR UPDATE OF o

-- spend: What goes now is taken out of the contact's budget.
UPDATE contacts SET budget_left = $2 WHERE id = $1

-- retry: A person wants a dead letter sent again; what has failed gets a new name, as the platform may know the old one.
UPDATE outbox SET state = 'queued', due = clock_timestamp(), lease = NULL, error = NULL, ended = NULL, notice = $2,
    renamed = renamed + (state = 'failed')::int, unsure = unsure AND state <> 'failed'
WHERE id = $1

-- drop: A person wants a row sent no more.
UPDATE outbox SET state = 'dropped', lease = NULL, ended = clock_timestamp() WHERE id = $1

-- note: Write down what a person decided; the same decision about the same try stands once.
INSERT INTO outbox_acts (outbox_id, attempts, act, state, agent_id) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (outbox_id, attempts, act) DO NOTHING

-- state_of: What a row of the outbox is at.
SELECT state FROM outbox WHERE id = $1

-- dead_of: How many answers of people to one contact have not arrived.
SELECT count(*) FROM outbox
WHERE contact_id = $1 AND kind = 'agent' AND state IN ('failed', 'in_doubt')
  AND created > statement_timestamp() - interval '30 days'

-- dead: How many messages want somebody's decision, up to a hundred.
SELECT count(*) FROM (
    SELECT FROM outbox o
    LEFT JOIN LATERAL (
        SELECT u.path FROM messages m
        LEFT JOIN conversations v ON v.id = m.conversation_id
        JOIN agents w ON w.id = coalesce(v.assignee, m.agent)
        JOIN units u ON u.id = w.unit_id
        WHERE m.contact_id = o.contact_id AND m.seq BETWEEN o.from_seq AND o.to_seq AND m.sender NOT IN ('note', 'contact')
        ORDER BY m.seq LIMIT 1
    ) p ON $1 <> '/'
    WHERE state IN ('failed', 'in_doubt') AND created > statement_timestamp() - interval '30 days'
      AND starts_with(coalesce(p.path, '/'), $1::text)
    LIMIT 100
) AS dead
