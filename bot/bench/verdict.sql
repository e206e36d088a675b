-- taken: What was stored of each message, and the replies that were stored with it.
SELECT c.channel, c.account, c.address, i.source_id, i.seq, m.text, i.reply_from, i.reply_to,
       (SELECT count(*) FROM messages r
        WHERE r.contact_id = i.contact_id AND r.seq BETWEEN i.reply_from AND i.reply_to AND r.sender <> 'contact') AS replies
FROM intake i
JOIN contacts c ON c.id = i.contact_id
JOIN messages m ON m.contact_id = i.contact_id AND m.seq = i.seq AND m.sender = 'contact'

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

-- ends: How many conversations silence has ended, and how many waited in vain: what fired in the run.
SELECT (SELECT count(*) FROM deadlines WHERE clause = 'conversation.idle' AND breached IS NOT NULL) AS idle,
       (SELECT count(*) FROM deadlines WHERE clause = 'enquiry.first_response' AND breached IS NOT NULL) AS waited

-- open: Contacts with an open conversation.
SELECT id FROM contacts WHERE conversation_id IS NOT NULL
