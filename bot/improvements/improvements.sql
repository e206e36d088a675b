-- begin: A week is looked at once; no row where it has been.
INSERT INTO complaint_weeks (week) VALUES ($1) ON CONFLICT DO NOTHING RETURNING week

-- first: When somebody complained first.
SELECT min(created) FROM tickets WHERE kind = 'complaint'

-- counts: Complaints by topic and week; weeks begin at these moments, and the last moment ends the last one.
SELECT cause, business, width_bucket(created, $1::timestamptz[]) AS place, count(*) AS n
FROM tickets
WHERE kind = 'complaint' AND merged_into IS NULL AND created >= $2 AND created < $3
GROUP BY cause, business, place

-- open: A task for a topic that grew.
INSERT INTO improvements (week, cause, business, department, complaints, usual, due)
VALUES ($1, $2, $3, $4, $5, $6, clock_timestamp() + make_interval(days => $7))

-- alert: Put a topic before those who manage.
INSERT INTO alerts (audience, kind, about, raised) VALUES ('manager', 'complaint.warning', $1, clock_timestamp())

-- listed: Tasks, the open ones first.
SELECT i.id, i.week, i.cause, i.business, i.department, i.complaints, i.usual, i.opened, i.due, i.owner, i.taken, i.plan, i.closed,
       a.name AS owner_name
FROM improvements i LEFT JOIN agents a ON a.id = i.owner
ORDER BY i.closed IS NOT NULL, CASE WHEN i.closed IS NULL THEN i.due END, i.id DESC LIMIT 100

-- take: Somebody answers for an open task from now on.
UPDATE improvements SET owner = $2, taken = clock_timestamp() WHERE id = $1 AND closed IS NULL RETURNING id

-- close: Its owner says what was done.
UPDATE improvements SET plan = $3, closed = clock_timestamp()
WHERE id = $1 AND owner = $2 AND closed IS NULL RETURNING id
