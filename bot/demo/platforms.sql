-- take: What platforms were sent has arrived there, but for one of so many answers of people and for answers to some contacts;
-- whether any of those waits.
WITH waiting AS (
    SELECT id, kind = 'agent' AND (id % $1 = 0 OR contact_id = ANY($2::bigint[])) AS refused
    FROM outbox WHERE state IN ('offered', 'queued')
), taken AS (
    UPDATE outbox o SET state = 'sent', attempts = 1, ended = clock_timestamp()
    FROM waiting w WHERE w.id = o.id AND NOT w.refused
)
SELECT EXISTS (SELECT FROM waiting WHERE refused)
