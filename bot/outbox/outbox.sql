-- claim: Take the next rows that are due, in order per contact and within each account's free slots, with all that a call needs.
WITH RECURSIVE accounts AS (
    (SELECT channel, account FROM contacts ORDER BY channel, account LIMIT 1)
    UNION ALL
    SELECT following.channel, following.account
    FROM accounts a CROSS JOIN LATERAL (
        SELECT channel, account FROM contacts
        WHERE (channel, account) > (a.channel, a.account) ORDER BY channel, account LIMIT 1
    ) following
), free AS (
    SELECT a.channel, a.account, coalesce(k.slots, $4) AS slots
    FROM accounts a
    LEFT JOIN unnest($1::text[], $2::text[], $3::int[]) AS k (channel, account, slots) USING (channel, account)
    WHERE a.channel <> ALL($5::text[]) AND coalesce(k.slots, $4) > 0
), next AS MATERIALIZED (
    SELECT n.id, f.channel, f.account, n.address, n.seq
    FROM free f CROSS JOIN LATERAL (
        SELECT o.id, c.address, c.seq
        FROM outbox o JOIN contacts c ON c.id = o.contact_id
        WHERE o.state = 'queued' AND o.due <= statement_timestamp() AND c.channel = f.channel AND c.account = f.account
          AND NOT EXISTS (
              SELECT FROM outbox e
              WHERE e.contact_id = o.contact_id AND e.from_seq < o.from_seq
                AND ((e.state = 'queued' AND NOT (e.held AND e.due > statement_timestamp())) OR (e.state = 'sending' AND e.lease > statement_timestamp()))
          )
        ORDER BY o.due, o.from_seq
        LIMIT f.slots
        FOR UPDATE OF o SKIP LOCKED
    ) n
), held AS (
    UPDATE outbox o
    SET state = 'sending', attempts = o.attempts + 1, lease = clock_timestamp() + make_interval(secs => $6)
    FROM next n WHERE o.id = n.id
    RETURNING o.id, o.contact_id, o.from_seq, o.to_seq, o.kind, o.attempts, o.notice, o.voucher, o.voucher_until,
        o.renamed, o.unsure,
        o.ends AND o.to_seq = n.seq AS ends, n.channel, n.account, n.address
)
SELECT h.id, h.kind, h.attempts, h.notice, h.voucher, h.voucher_until, h.renamed, h.unsure, h.ends, h.channel, h.account, h.address,
       h.contact_id, m.seq, m.sender, m.kind AS medium, m.text, m.choices, m.sent_at, file.*
FROM held h
LEFT JOIN messages m ON m.contact_id = h.contact_id AND m.seq BETWEEN h.from_seq AND h.to_seq
    AND m.sender NOT IN ('note', 'contact')
LEFT JOIN LATERAL (
    SELECT f.id AS file_id, f.state AS file_state, f.name AS file_name, f.type AS file_type, f.size AS file_size
    FROM files f WHERE m.kind <> 'text' AND f.contact_id = m.contact_id AND f.seq = m.seq
) AS file ON true
ORDER BY h.id, m.seq

-- overdue: Offers that no HTTP body carried in time or nobody knows of, and rows whose sender is gone; offers wait a while after a restart.
SELECT id, contact_id, kind, state, attempts, error,
       (SELECT channel FROM contacts c WHERE c.id = contact_id) AS channel
FROM outbox
WHERE id <> ALL($1::bigint[])
  AND ((state = 'offered'
        AND due <= statement_timestamp() - CASE WHEN error IS NULL THEN make_interval(secs => $4) ELSE interval '0' END
        AND pg_postmaster_start_time() <= statement_timestamp() - make_interval(secs => $2))
       OR (state = 'sending' AND lease <= statement_timestamp()))
LIMIT $3
