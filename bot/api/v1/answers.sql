-- forget: An Idempotency-Key is free again after 24 hours.
DELETE FROM api_answers WHERE key_id = $1 AND name = $2 AND taken < statement_timestamp() - interval '24 hours'

-- claim: What is known of a call with this Idempotency-Key; the first one names the act.
INSERT INTO api_answers (key_id, name, request, act) VALUES ($1, $2, $3, $4)
ON CONFLICT (key_id, name) DO UPDATE SET name = excluded.name
RETURNING request, act, status, body

-- keep: The first answer stays the answer.
UPDATE api_answers SET status = coalesce(status, $3), body = coalesce(body, $4)
WHERE key_id = $1 AND name = $2
RETURNING status, body

-- sweep: Answers that nobody asks for again.
DELETE FROM api_answers WHERE taken < statement_timestamp() - interval '24 hours'
