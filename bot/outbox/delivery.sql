-- letters: Messages of the last 30 days that have not arrived, or of which nobody knows, the latest first, as far as they may be seen.
WITH letters AS (
    SELECT o.id, o.contact_id, o.kind, o.state, o.created, o.due, o.attempts, coalesce(o.error, '') AS error, o.notice,
           o.from_seq, o.to_seq, c.channel, c.account, c.name,
           CASE WHEN o.state = 'failed' AND o.error = ANY($7::text[]) THEN 'parked'
                WHEN o.state IN ('queued', 'sending') THEN 'waiting' ELSE o.state END AS standing
    FROM outbox o JOIN contacts c ON c.id = o.contact_id
    WHERE (o.state IN ('failed', 'in_doubt')
           OR (o.state IN ('queued', 'sending') AND o.created < statement_timestamp() - interval '1 minute'))
      AND o.created > statement_timestamp() - interval '30 days'
)
SELECT l.*, m.conversation_id, m.text, m.medium, m.author, act.act, act.at, act.by
FROM letters l
LEFT JOIN LATERAL (
    SELECT m.conversation_id, left(m.text, 160) AS text, m.kind AS medium, m.agent, a.name AS author
    FROM messages m LEFT JOIN agents a ON a.id = m.agent
    WHERE m.contact_id = l.contact_id AND m.seq BETWEEN l.from_seq AND l.to_seq AND m.sender NOT IN ('note', 'contact')
    ORDER BY m.seq LIMIT 1
) m ON true
LEFT JOIN conversations v ON v.id = m.conversation_id
LEFT JOIN agents w ON w.id = coalesce(v.assignee, m.agent)
LEFT JOIN units u ON u.id = w.unit_id
LEFT JOIN LATERAL (
    SELECT act, at, coalesce(p.name, '') AS by FROM outbox_acts LEFT JOIN agents p ON p.id = agent_id
    WHERE outbox_id = l.id ORDER BY outbox_acts.id DESC LIMIT 1
) act ON true
WHERE (starts_with(coalesce(u.path, '/'), $1) OR m.agent = $2 OR v.assignee = $2)
  AND ($3 = '' OR l.channel = $3) AND ($4 = '' OR l.account = $4) AND ($5 = '' OR l.standing = $5)
  AND ($6::bigint = 0 OR l.contact_id = $6)
ORDER BY l.id DESC
LIMIT 100

-- may_decide: Whether a row is this person's to decide about, whatever has become of it.
SELECT EXISTS (
    SELECT FROM outbox o
    LEFT JOIN messages m ON m.contact_id = o.contact_id AND m.seq BETWEEN o.from_seq AND o.to_seq
    LEFT JOIN conversations v ON v.id = m.conversation_id
    LEFT JOIN agents w ON w.id = coalesce(v.assignee, m.agent)
    LEFT JOIN units u ON u.id = w.unit_id
    WHERE o.id = $1 AND (starts_with(coalesce(u.path, '/'), $2) OR m.agent = $3 OR v.assignee = $3))

-- decided: What people decided lately, the latest first, as far as it may be seen.
SELECT d.outbox_id, d.act, d.state, d.at, coalesce(a.name, '') AS by, c.channel, c.account, c.name, c.id AS contact_id
FROM outbox_acts d
JOIN outbox o ON o.id = d.outbox_id
JOIN contacts c ON c.id = o.contact_id
LEFT JOIN agents a ON a.id = d.agent_id
LEFT JOIN units u ON u.id = a.unit_id
WHERE d.at > statement_timestamp() - interval '7 days' AND (starts_with(coalesce(u.path, '/'), $1) OR d.agent_id = $2)
ORDER BY d.id DESC
LIMIT 20
