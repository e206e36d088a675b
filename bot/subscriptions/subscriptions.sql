-- subscribed: What somebody is told of.
SELECT DISTINCT unnest(events) AS type FROM subscriptions WHERE disabled IS NULL

-- tell: Write down what happened, with a delivery for everybody who has subscribed to it.
WITH news AS (
    INSERT INTO happenings (type, at, told)
    SELECT type, at, told::jsonb FROM unnest($1::text[], $2::timestamptz[], $3::text[]) AS n (type, at, told)
    RETURNING id, type
)
INSERT INTO hook_deliveries (happening_id, subscription_id, due)
SELECT n.id, s.id, clock_timestamp() FROM news n JOIN subscriptions s ON s.disabled IS NULL AND n.type = ANY(s.events)

-- add: A new subscription, whose secret is sealed once it has an id.
INSERT INTO subscriptions (name, url, events, secret) VALUES ($1, $2, $3, '') RETURNING id

-- seal: The secret that signs.
UPDATE subscriptions SET secret = $2 WHERE id = $1

-- rotate: Another secret signs; the one before signs as well for a while.
UPDATE subscriptions SET former = secret, former_until = clock_timestamp() + interval '24 hours', secret = $2
WHERE id = $1
RETURNING former_until

-- disable: Nobody is told any more, not even of what waits.
WITH off AS (
    UPDATE subscriptions SET disabled = clock_timestamp(), reason = $2 WHERE id = $1 AND disabled IS NULL RETURNING id
), ended AS (
    UPDATE hook_deliveries d SET due = NULL FROM off WHERE d.subscription_id = off.id AND d.due IS NOT NULL
)
SELECT id FROM off

-- enable: They are told of what happens from now on.
UPDATE subscriptions SET disabled = NULL, reason = '' WHERE id = $1 AND disabled IS NOT NULL RETURNING id

-- all: All subscriptions with how their deliveries stand.
SELECT s.id, s.name, s.url, s.events, s.created, s.disabled, s.reason, s.former_until,
       coalesce(s.former_until > statement_timestamp(), false) AS both_sign,
       (SELECT count(*) FROM hook_deliveries d WHERE d.subscription_id = s.id AND d.due IS NOT NULL) AS waiting,
       (SELECT count(*) FROM hook_deliveries d
        WHERE d.subscription_id = s.id AND d.due IS NULL AND d.taken IS NULL) AS failed,
       (SELECT count(*) FROM hook_deliveries d
        WHERE d.subscription_id = s.id AND d.taken > statement_timestamp() - interval '24 hours') AS taken
FROM subscriptions s
ORDER BY s.id

-- log: What one subscriber was told, the latest first, with each try.
SELECT d.id, d.due, d.taken, d.attempts, h.id AS happening, h.type, h.at, h.told,
       (SELECT coalesce(jsonb_agg(jsonb_build_array(extract(epoch FROM t.at), t.outcome, t.milliseconds) ORDER BY t.at), '[]')
        FROM hook_tries t WHERE t.delivery_id = d.id) AS tries
FROM hook_deliveries d JOIN happenings h ON h.id = d.happening_id
WHERE d.subscription_id = $1 AND ($2::bigint = 0 OR d.id < $2)
ORDER BY d.id DESC
LIMIT $3

-- replay: Tell something again, whatever became of it.
UPDATE hook_deliveries d SET due = clock_timestamp(), attempts = 0, taken = NULL
FROM subscriptions s
WHERE d.id = $1 AND d.subscription_id = $2 AND s.id = d.subscription_id AND s.disabled IS NULL
RETURNING d.id

-- replay_failed: Tell all again that was given up.
UPDATE hook_deliveries d SET due = clock_timestamp(), attempts = 0
FROM subscriptions s
WHERE d.subscription_id = $1 AND d.due IS NULL AND d.taken IS NULL AND s.id = d.subscription_id AND s.disabled IS NULL
RETURNING d.id

-- claim: Take what is due, for the length of a lease; a deliverer that dies leaves it due again.
WITH taken AS (
    SELECT id FROM hook_deliveries WHERE due <= statement_timestamp() ORDER BY due LIMIT $1 FOR UPDATE SKIP LOCKED
)
UPDATE hook_deliveries d SET due = clock_timestamp() + $2::float8 * interval '1 second'
FROM taken, happenings h, subscriptions s
WHERE d.id = taken.id AND h.id = d.happening_id AND s.id = d.subscription_id
RETURNING d.id, d.attempts, h.id AS happening, h.type, h.at, h.told, s.id AS subscription, s.url, s.secret,
          CASE WHEN s.former_until > statement_timestamp() THEN s.former END AS former, s.disabled

-- tried: What came of a try; without seconds to go there is no further one.
WITH noted AS (
    INSERT INTO hook_tries (delivery_id, outcome, milliseconds) VALUES ($1, $2, $3)
)
UPDATE hook_deliveries
SET attempts = attempts + 1, taken = CASE WHEN $2 = 'taken' THEN clock_timestamp() END,
    due = clock_timestamp() + $4::float8 * interval '1 second'
WHERE id = $1

-- later: It is not tried now.
UPDATE hook_deliveries SET due = clock_timestamp() + $2::float8 * interval '1 second' WHERE id = $1

-- sweep: What happened long ago, with what was told of it.
DELETE FROM happenings WHERE at < statement_timestamp() - interval '30 days'
