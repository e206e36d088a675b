-- taken: What was stored of each message, the replies that were stored with it, and what became of those on their way.
SELECT c.channel, c.account, c.address, i.source_id, i.seq, m.text, i.contact_id, i.reply_from, i.reply_to,
       o.state, o.attempts
FROM intake i
JOIN contacts c ON c.id = i.contact_id
JOIN messages m ON m.contact_id = i.contact_id AND m.seq = i.seq AND m.sender = 'contact'
LEFT JOIN outbox o ON o.id = i.outbox_id

-- replies: All that was said to customers.
SELECT contact_id, seq, sender, kind, text, choices, sent_at FROM messages WHERE sender <> 'contact'

-- on_their_way: Messages that have not come to their end.
SELECT count(*) FROM outbox WHERE state IN ('offered', 'queued', 'sending')

-- heard_twice: Customers' messages beyond those that were taken in.
SELECT (SELECT count(*) FROM messages WHERE sender = 'contact') - (SELECT count(*) FROM intake WHERE seq > 0)

-- unfired: Deadlines that are due, or will be, and have not come to their end.
SELECT count(*) FROM deadlines WHERE met IS NULL AND voided IS NULL AND breached IS NULL

-- stopped: Running deadlines that have not come to their end and have no next step.
SELECT count(*) FROM deadlines WHERE met IS NULL AND voided IS NULL AND breached IS NULL AND next_at IS NULL

-- early: Deadlines that fired ahead of their time.
SELECT count(*) FROM deadlines WHERE breached < due

-- alarms: How often people were alarmed about each handed-off conversation's breach, where that was not once.
SELECT count(*) FROM (
    SELECT d.id FROM deadlines d LEFT JOIN alerts a
        ON a.conversation_id = d.subject_id AND a.kind = 'breached.' || d.clause
    WHERE d.clause = 'enquiry.first_response' AND d.breached IS NOT NULL
    GROUP BY d.id HAVING count(a.id) <> 1) AS wrong

-- told: Handed-off conversations whose customer was not told of the breach exactly once.
SELECT count(*) FROM (
    SELECT d.id FROM deadlines d LEFT JOIN messages m
        ON m.conversation_id = d.subject_id AND m.sender = 'system' AND m.sent_at >= d.due
    WHERE d.clause = 'enquiry.first_response' AND d.breached IS NOT NULL
    GROUP BY d.id HAVING count(m.seq) <> 1) AS wrong

-- halfway: Deadlines that ran out without having fired their last step, or that have another to come all the same.
SELECT count(*) FROM deadlines
WHERE breached IS NOT NULL AND (step < array_position(steps, due) OR (step = cardinality(steps)) <> (next_at IS NULL))

-- warned: Handed-off conversations about whose two warnings people were told twice, out of time, or not as the ledger says.
SELECT count(*) FROM deadlines d CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE a.raised >= d.steps[1] AND a.raised < d.steps[2]) AS first,
           count(*) FILTER (WHERE a.raised >= d.steps[2] AND a.raised < d.due) AS second,
           count(*) AS told, min(a.raised) AS earliest
    FROM alerts a WHERE a.conversation_id = d.subject_id AND a.kind = 'warned.' || d.clause) AS t
WHERE d.clause = 'enquiry.first_response'
  AND (t.first > 1 OR t.second > 1 OR t.told <> t.first + t.second OR coalesce(t.earliest, d.breached) IS DISTINCT FROM d.warned)

-- silenced: Conversations that silence ended without their deadline having run out at that moment once, and the other way round.
SELECT count(*)
FROM (SELECT id, closed FROM conversations WHERE wrapup = 'idle') AS v
FULL JOIN (
    SELECT subject_id, min(breached) AS breached, count(*) AS times FROM deadlines
    WHERE clause = 'conversation.idle' AND breached IS NOT NULL GROUP BY subject_id
) AS d ON d.subject_id = v.id
WHERE v.closed IS DISTINCT FROM d.breached OR d.times <> 1

-- ends: How many conversations silence has ended, and how many waited in vain: what fired in the run.
SELECT (SELECT count(*) FROM deadlines WHERE clause = 'conversation.idle' AND breached IS NOT NULL) AS idle,
       (SELECT count(*) FROM deadlines WHERE clause = 'enquiry.first_response' AND breached IS NOT NULL) AS waited

-- open: Contacts with an open conversation.
SELECT id FROM contacts WHERE conversation_id IS NOT NULL
