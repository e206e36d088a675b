-- add: Alerts that the operator's own system is told of, written with the turn that raised them.
INSERT INTO alert_calls (kind, subject, subject_id, contact_id, raised, due)
SELECT kind, subject, subject_id, contact_id, at, at
FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::timestamptz[])
    AS n (kind, subject, subject_id, contact_id, at)

-- claim: Take what is due, for the length of a lease; a caller that dies leaves it due again.
WITH taken AS (
    SELECT id FROM alert_calls
    WHERE due <= statement_timestamp() AND told IS NULL AND given_up IS NULL
    ORDER BY due LIMIT $1 FOR UPDATE SKIP LOCKED
)
UPDATE alert_calls c SET due = clock_timestamp() + $2::float8 * interval '1 second'
FROM taken WHERE c.id = taken.id
RETURNING c.id, c.kind, c.subject, c.subject_id, c.contact_id, c.raised, c.tries

-- told: The operator's system has taken it.
UPDATE alert_calls SET told = clock_timestamp(), tries = tries + 1, error = '' WHERE id = $1

-- failed: It was not taken: again after some seconds, or never.
UPDATE alert_calls
SET tries = tries + 1, error = $2, due = clock_timestamp() + coalesce($3::float8, 0) * interval '1 second',
    given_up = CASE WHEN $3 IS NULL THEN clock_timestamp() END
WHERE id = $1
