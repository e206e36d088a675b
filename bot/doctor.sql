-- waiting_without_deadline: Conversations in which a customer waits for a person and no limit runs.
SELECT v.id FROM conversations v
WHERE v.status IN ('queued', 'assigned') AND v.waiting_since IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM deadlines d WHERE d.subject = 'conversation' AND d.subject_id = v.id
                  AND d.met IS NULL AND d.voided IS NULL)

-- open_without_end: Open conversations that nothing will ever end; of calls, their own clause does.
SELECT v.id FROM conversations v
WHERE v.closed IS NULL
  AND NOT EXISTS (SELECT 1 FROM deadlines d
                  WHERE ((d.subject = 'conversation' AND d.subject_id = v.id)
                         OR (d.subject = 'call' AND d.subject_id = v.call_id))
                    AND d.met IS NULL AND d.voided IS NULL)

-- running_after_end: Limits that run for conversations that are over.
SELECT d.id FROM deadlines d JOIN conversations v ON v.id = d.subject_id
WHERE d.subject = 'conversation' AND d.met IS NULL AND d.voided IS NULL AND v.closed IS NOT NULL

-- questions_without_deadline: Open questions whose customer waits and no limit runs.
SELECT q.id FROM questions q
WHERE q.kind <> 'gap' AND q.answered IS NULL
  AND NOT EXISTS (SELECT 1 FROM deadlines d WHERE d.subject = 'question' AND d.subject_id = q.id
                  AND d.met IS NULL AND d.voided IS NULL)

-- overdue: Steps that should have fired more than ten seconds ago.
SELECT id FROM deadlines WHERE next_at < statement_timestamp() - interval '10 seconds'

-- gaps_in_threads: Contacts whose thread has a gap or does not end where the contact says.
SELECT c.id FROM contacts c
WHERE c.seq <> (SELECT count(*) FROM messages m WHERE m.contact_id = c.id)

-- undelivered: Replies of people and bot that a pushed channel should carry and no outbox row does.
SELECT DISTINCT m.contact_id FROM messages m JOIN contacts c ON c.id = m.contact_id
WHERE c.channel = ANY($1::text[]) AND m.sender NOT IN ('contact', 'note')
  AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.contact_id = m.contact_id AND m.seq BETWEEN o.from_seq AND o.to_seq)

-- stuck: Outbox rows whose lease or offer ended more than a minute ago.
SELECT id FROM outbox
WHERE (state = 'sending' AND lease < statement_timestamp() - interval '1 minute')
   OR (state = 'offered' AND due < statement_timestamp() - interval '1 minute')

-- two_open: Contacts with more than one open conversation; calls stand beside it.
SELECT contact_id FROM conversations WHERE closed IS NULL AND call_id IS NULL GROUP BY contact_id HAVING count(*) > 1

-- pushes_failing: Contacts whose phones could not be woken after several tries.
SELECT contact_id FROM pushes WHERE due IS NOT NULL AND attempts > 3
