-- wake: A message that a phone may have to be woken for, written with its turn; the telling is due a moment later.
INSERT INTO pushes AS p (contact_id, seq, kind, since, due)
SELECT contact_id, seq, kind, at, at + interval '5 seconds'
FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::timestamptz[]) AS n (contact_id, seq, kind, at)
ON CONFLICT (contact_id) DO UPDATE
SET seq = excluded.seq, kind = excluded.kind, due = coalesce(p.due, excluded.due),
    since = CASE WHEN p.due IS NULL OR p.attempts > 0 THEN excluded.since ELSE p.since END;

-- claim: Take what is due, for the length of a lease; a sender that dies leaves it due again.
WITH taken AS (
    SELECT contact_id FROM pushes WHERE due <= statement_timestamp() ORDER BY due LIMIT $1 FOR UPDATE SKIP LOCKED
)
UPDATE pushes p SET due = clock_timestamp() + $2::float8 * interval '1 second'
FROM taken WHERE p.contact_id = taken.contact_id
RETURNING p.contact_id;

-- look: What is to be told, and how far the contact has got: what it wrote itself it wrote with the thread before it.
SELECT p.contact_id, p.seq, p.told, p.kind, p.since, p.attempts, c.channel, c.account, c.address, c.conversation_id,
       coalesce(r.delivered, 0) AS delivered, clock_timestamp() AS now,
       greatest(coalesce(r.read, 0), coalesce(
           (SELECT m.seq FROM messages m WHERE m.contact_id = p.contact_id AND m.sender = 'contact'
            ORDER BY m.seq DESC LIMIT 1), 0)) AS seen,
       (SELECT count(*) FROM messages m WHERE m.contact_id = p.contact_id AND m.sender NOT IN ('contact', 'note')
           AND m.seq > coalesce(r.read, 0)) AS unread,
       (SELECT left(m.text, 120) FROM messages m WHERE m.contact_id = p.contact_id AND m.seq = p.seq) AS text
FROM pushes p JOIN contacts c ON c.id = p.contact_id LEFT JOIN reach r ON r.contact_id = c.id
WHERE p.contact_id = ANY($1::bigint[]);

-- note: How far the telling of a message has got; one that was stored meanwhile is looked at anew.
UPDATE pushes
SET told = greatest(told, $3), attempts = $4, error = $5,
    due = CASE WHEN seq > $2 THEN clock_timestamp() + interval '1 second'
               ELSE clock_timestamp() + $6::float8 * interval '1 second' END
WHERE contact_id = $1;
