-- claim: Requests whose interface is to be called now, held for the length of a lease.
WITH taken AS (
    SELECT id FROM business_requests WHERE call_due <= statement_timestamp() ORDER BY call_due LIMIT $1
    FOR UPDATE SKIP LOCKED
)
UPDATE business_requests r SET call_due = clock_timestamp() + $2::float8 * interval '1 second'
FROM taken, contacts c LEFT JOIN customers u ON u.id = c.customer_id
WHERE r.id = taken.id AND c.id = r.contact_id
RETURNING r.id, r.contact_id, r.call, r.form, r.version, r.urgent, r.answers, r.started, r.filed, r.state, r.call_attempts,
          c.channel, c.account, c.language, coalesce(u.number, '') AS customer

-- again: The interface did not answer; it is called again later.
UPDATE business_requests SET call_attempts = $2, call_error = $3,
    call_due = clock_timestamp() + $4::float8 * interval '1 second'
WHERE id = $1

-- settled: Nothing is left to call: it was taken, or people go on where a reason is given.
UPDATE business_requests SET call_due = NULL, call_attempts = $2, call_error = $3 WHERE id = $1
