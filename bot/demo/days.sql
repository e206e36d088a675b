-- contact: The contact at an address.
SELECT id FROM contacts WHERE channel = $1 AND account = $2 AND address = $3

-- version: The version of the open chat of a contact's customer.
SELECT version FROM conversations WHERE contact_id = $1 AND closed IS NULL

-- questions_of: What a contact wants to know and nobody has answered.
SELECT id, text FROM questions WHERE contact_id = $1 AND answered IS NULL AND kind = 'follow_up'

-- overnight: Messages that were left for people and wait.
SELECT id, contact_id, text FROM questions WHERE answered IS NULL AND kind <> 'gap'

-- dissatisfied: Call-backs that wait for the call, or for the visit after it, with whoever leads the agent's unit.
SELECT b.id, b.contact_id, b.called IS NOT NULL AS called,
       (SELECT l.id FROM agents l JOIN agents a ON a.unit_id = l.unit_id
        WHERE a.id = s.agent_id AND l.role = 'leader' ORDER BY l.id LIMIT 1) AS leader
FROM callbacks b JOIN surveys s ON s.id = b.survey_id
WHERE b.revisited IS NULL AND coalesce(b.called, b.opened) < clock_timestamp() - interval '1 hour'

-- asked_of: The survey that a contact was asked and has not answered.
SELECT id FROM surveys WHERE contact_id = $1 AND asked IS NOT NULL AND scored IS NULL ORDER BY id DESC LIMIT 1

-- waits: What waits for the house itself: deadlines that are late by so many seconds, surveys to ask, messages to send.
SELECT EXISTS (SELECT 1 FROM deadlines WHERE next_at < clock_timestamp() - make_interval(secs => $1)) AS overdue,
       ARRAY(SELECT id FROM surveys
             WHERE requested IS NOT NULL AND asked IS NULL AND skipped IS NULL AND deferred IS NULL) AS surveys,
       EXISTS (SELECT 1 FROM outbox WHERE state IN ('offered', 'queued')) AS outbox

-- arrived: What platforms were sent has arrived there.
UPDATE outbox SET state = 'sent', attempts = 1, ended = clock_timestamp() WHERE state IN ('offered', 'queued')

-- wrapups: What chats can have been about.
SELECT code FROM wrapups WHERE parent IS NOT NULL ORDER BY code

-- begun: Whether the demo operator lives here already.
SELECT EXISTS (SELECT 1 FROM contacts)

-- others: How many others work with this database now.
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'

-- age: Contacts are as old as their first message.
UPDATE contacts c SET created = m.first
FROM (SELECT contact_id, min(sent_at) AS first FROM messages GROUP BY contact_id) m WHERE m.contact_id = c.id
