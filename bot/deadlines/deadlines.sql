-- claimed: What the ledger says of deadlines that the index calls due.
SELECT id, contact_id, generation, step, next_at, next_at <= statement_timestamp() AS due
FROM deadlines
WHERE id = ANY($1::bigint[]) AND met IS NULL AND voided IS NULL AND next_at IS NOT NULL

-- overdue: Deadlines that nobody has fired although they are late, whatever Redis says.
SELECT id, contact_id, generation, step, next_at
FROM deadlines
WHERE next_at < statement_timestamp() - make_interval(secs => $1)
ORDER BY next_at LIMIT $2

-- armed: All deadlines that have a step to come, after an id.
SELECT id, generation, next_at FROM deadlines WHERE next_at IS NOT NULL AND id > $1 ORDER BY id LIMIT $2

-- running: What runs, soonest first.
SELECT d.id, d.subject, d.subject_id, d.clause, d.opened, d.due, d.step, cardinality(d.steps) AS steps, d.next_at,
       d.breached, c.channel
FROM deadlines d JOIN contacts c ON c.id = d.contact_id
WHERE d.met IS NULL AND d.voided IS NULL
ORDER BY d.due LIMIT $1
