-- note: Write down a deed, in the transaction of the change.
INSERT INTO audit (agent_id, who, deed, what, detail, reason, origin) VALUES ($1, $2, $3, $4, $5, $6, $7)

-- note_acts: Write down deeds of agents in conversations.
INSERT INTO audit (agent_id, who, deed, what, detail, reason, origin)
SELECT n.agent, coalesce(a.login, ''), n.deed, n.what, n.detail, n.reason, 'desk'
FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[]) AS n(agent, deed, what, detail, reason)
LEFT JOIN agents a ON a.id = n.agent

-- lock: Whether nobody else seals now.
SELECT pg_try_advisory_xact_lock(hashtext('huiying.audit'))

-- seal: Give the rows that came since their places in the chain, at most a thousand; each seal covers the one before.
WITH RECURSIVE tail AS MATERIALIZED (
    SELECT t.id, row_number() OVER (ORDER BY t.id) AS n,
           (SELECT string_agg(octet_length(f) || ':' || f, '' ORDER BY i)
            FROM unnest(ARRAY[t.id::text, (extract(epoch FROM t.at) * 1000000)::bigint::text, coalesce(t.agent_id::text, ''),
                              t.who, t.deed, t.what, t.detail, t.reason, t.origin]) WITH ORDINALITY AS u(f, i)) AS text
    FROM (SELECT * FROM audit WHERE place IS NULL ORDER BY id LIMIT 1000) t
), chain AS (
    SELECT 0::bigint AS n, NULL::bigint AS id, place, seal FROM audit_head
    UNION ALL
    SELECT t.n, t.id, c.place + 1, sha256(c.seal || convert_to(t.text, 'UTF8'))
    FROM chain c JOIN tail t ON t.n = c.n + 1
), sealed AS (
    UPDATE audit a SET place = c.place, seal = c.seal FROM chain c WHERE a.id = c.id RETURNING a.place
), head AS (
    UPDATE audit_head h SET place = c.place, seal = c.seal
    FROM (SELECT place, seal FROM chain ORDER BY n DESC LIMIT 1) c WHERE h.place < c.place
)
SELECT count(*) FROM sealed

-- head: How far the chain reaches.
SELECT place, seal FROM audit_head

-- chained: Sealed rows after a place, in the order of the chain.
SELECT id, at, agent_id, who, deed, what, detail, reason, origin, place, seal
FROM audit WHERE place > $1 ORDER BY place LIMIT 5000

-- tail: How many rows are not sealed yet, and since when.
SELECT count(*) AS rows, min(at) AS since FROM audit WHERE place IS NULL

-- listed: What was done, the latest first: between two times, by somebody, of some kind, before some id.
SELECT u.id, u.at, u.agent_id, u.who, u.deed, u.what, u.detail, u.reason, u.origin, u.place,
       CASE WHEN u.what LIKE 'agent:%' THEN coalesce(o.login, '') ELSE '' END AS whom
FROM audit u LEFT JOIN agents o ON u.what = 'agent:' || o.id
WHERE ($1::timestamptz IS NULL OR u.at >= $1) AND ($2::timestamptz IS NULL OR u.at < $2)
  AND ($3 = '' OR u.who = $3) AND ($4 = '' OR u.deed = $4) AND ($5::bigint = 0 OR u.id < $5)
ORDER BY u.id DESC
LIMIT $6

-- people: Everybody who has done anything.
SELECT DISTINCT who FROM audit ORDER BY who
