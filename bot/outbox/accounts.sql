-- tell: How an account fares now; a breaker or a wait that is over leaves no time behind.
INSERT INTO account_states (channel, account, failures, closed_until, held_until, told)
VALUES ($1, $2, $3, clock_timestamp() + make_interval(secs => $4), clock_timestamp() + make_interval(secs => $5),
    clock_timestamp())
ON CONFLICT (channel, account) DO UPDATE
SET failures = excluded.failures, closed_until = excluded.closed_until, held_until = excluded.held_until,
    told = excluded.told

-- trouble: Something is wrong with an account; leaders are alerted unless they were a short while ago.
WITH seen AS (
    INSERT INTO account_troubles AS t (channel, account, kind, since, last, times, alerted)
    VALUES ($1, $2, $3, now(), now(), 1, now())
    ON CONFLICT (channel, account, kind) DO UPDATE
    SET since = CASE WHEN t.last < now() - interval '1 day' THEN now() ELSE t.since END,
        times = CASE WHEN t.last < now() - interval '1 day' THEN 1 ELSE t.times + 1 END,
        alerted = CASE WHEN t.alerted <= now() - make_interval(secs => $4) THEN now() ELSE t.alerted END,
        last = now()
    RETURNING alerted = now() AS alert
)
INSERT INTO alerts (audience, kind, about, raised)
SELECT 'leader', 'trouble.' || $3, $1 || '/' || $2, clock_timestamp() FROM seen WHERE alert
RETURNING id

-- states: How accounts fare that were told of or have messages under way or dead, with what is wrong with them.
WITH waiting AS (
    SELECT c.channel, c.account, count(*) AS waiting
    FROM outbox o JOIN contacts c ON c.id = o.contact_id
    WHERE o.state IN ('queued', 'sending')
    GROUP BY 1, 2
), troubled AS (
    SELECT channel, account, jsonb_agg(jsonb_build_array(kind, times,
        extract(epoch FROM since), extract(epoch FROM last)) ORDER BY last DESC) AS troubles
    FROM account_troubles WHERE last > statement_timestamp() - interval '24 hours'
    GROUP BY 1, 2
)
SELECT channel, account, coalesce(s.failures, 0) AS failures,
       CASE WHEN s.closed_until > statement_timestamp() - interval '1 minute' THEN s.closed_until END AS closed_until,
       CASE WHEN s.held_until > statement_timestamp() THEN s.held_until END AS held_until,
       coalesce(w.waiting, 0) AS waiting, coalesce(t.troubles, '[]') AS troubles
FROM account_states s
FULL JOIN waiting w USING (channel, account)
FULL JOIN troubled t USING (channel, account)
ORDER BY channel, account
