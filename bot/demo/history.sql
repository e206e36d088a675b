-- waits: What waits for the house itself: deadlines that are late by so many seconds, surveys to ask, messages to send.
SELECT EXISTS (SELECT 1 FROM deadlines WHERE next_at < statement_timestamp() - make_interval(secs => $1)) AS overdue,
       ARRAY(SELECT id FROM surveys
             WHERE requested IS NOT NULL AND asked IS NULL AND skipped IS NULL AND deferred IS NULL) AS surveys,
       EXISTS (SELECT 1 FROM outbox WHERE state IN ('offered', 'queued')) AS outbox

-- wrapups: What chats can have been about.
SELECT code FROM wrapups WHERE parent IS NOT NULL ORDER BY code

-- begun: Whether the demo operator lives here already.
SELECT EXISTS (SELECT 1 FROM contacts)

-- others: How many others work with this database now.
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
