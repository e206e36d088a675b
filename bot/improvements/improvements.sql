-- begin: A week is looked at once; no row where it has been.
INSERT INTO complaint_weeks (week) VALUES ($1) ON CONFLICT DO NOTHING RETURNING week

-- first: When somebody complained first.
SELECT min(created) FROM tickets WHERE kind = 'complaint'

-- counts: Complaints by topic, province of whoever follows them (0 for none) and week; weeks begin at these moments, and the
-- last moment ends the last one.
SELECT t.cause, t.business, coalesce(p.id, 0) AS unit, width_bucket(t.created, $1::timestamptz[]) AS place, count(*) AS n
FROM tickets t
LEFT JOIN agents a ON a.id = t.owner
LEFT JOIN units u ON u.id = a.unit_id
LEFT JOIN units p ON p.level = 'province' AND starts_with(u.path, p.path)
WHERE t.kind = 'complaint' AND t.merged_into IS NULL AND t.created >= $2 AND t.created < $3
GROUP BY t.cause, t.business, p.id, place

-- open: A task for a topic that grew, everywhere or in a province.
WITH made AS (
    INSERT INTO improvements (week, cause, business, department, complaints, usual, unit_id)
    VALUES ($1, $2, $3, $4, $5, $6, nullif($7, 0))
    RETURNING id, unit_id
)
SELECT made.id, coalesce(u.name, '') AS province FROM made LEFT JOIN units u ON u.id = made.unit_id

-- alert: Put a topic before those who manage where it grew.
INSERT INTO alerts (audience, kind, about, improvement_id, raised)
VALUES ('manager', 'complaint.warning', $1, $2, clock_timestamp())

-- house: The contact under which the ledger keeps what the house itself waits for.
INSERT INTO contacts (channel, account, address, name) VALUES ('house', '', 'improvements', $1)
ON CONFLICT (channel, account, address) DO UPDATE SET name = excluded.name
RETURNING id

-- unsettled: Tasks that are open without a running limit, or closed with one.
SELECT i.id, CASE WHEN i.closed IS NULL THEN 'opened' ELSE 'closed' END AS change
FROM improvements i
LEFT JOIN deadlines d ON d.subject = 'improvement' AND d.subject_id = i.id AND d.met IS NULL AND d.voided IS NULL
WHERE (i.closed IS NULL) = (d.id IS NULL)
ORDER BY i.id

-- one: A task's marks.
SELECT id, opened, taken, closed FROM improvements WHERE id = $1

-- listed: Tasks that are somebody's own, or concern who leads all below a path; the open ones first, those due next on top.
SELECT i.id, i.week, i.cause, i.business, i.department, i.complaints, i.usual, i.opened, i.owner, i.taken, i.plan, i.closed,
       d.due, d.breached, a.name AS owner_name, u.name AS unit, p.name AS province
FROM improvements i
LEFT JOIN agents a ON a.id = i.owner
LEFT JOIN units u ON u.id = a.unit_id
LEFT JOIN units p ON p.id = i.unit_id
LEFT JOIN LATERAL (
    SELECT due, breached FROM deadlines WHERE subject = 'improvement' AND subject_id = i.id AND voided IS NULL
    ORDER BY deadlines.id DESC LIMIT 1
) d ON true
WHERE i.owner = $2 OR improvement_concerns(i.id, $1)
ORDER BY i.closed IS NOT NULL, CASE WHEN i.closed IS NULL THEN d.due END, i.id DESC LIMIT 100

-- take: Somebody answers for an open task from now on that concerns them.
UPDATE improvements i SET owner = $2, taken = clock_timestamp()
WHERE i.id = $1 AND i.closed IS NULL AND improvement_concerns(i.id, $3)
RETURNING i.id

-- close: Its owner says what was done.
UPDATE improvements SET plan = $3, closed = clock_timestamp()
WHERE id = $1 AND owner = $2 AND closed IS NULL RETURNING id
