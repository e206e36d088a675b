-- state: What waits, runs and lags, in one row.
SELECT
    (SELECT count(*) FROM conversations WHERE status = 'queued') AS queued,
    (SELECT count(*) FROM conversations WHERE status = 'assigned') AS assigned,
    (SELECT count(*) FROM agents WHERE presence = 'online' AND NOT disabled) AS online,
    (SELECT count(*) FROM deadlines WHERE next_at < statement_timestamp() - interval '5 seconds') AS overdue,
    (SELECT coalesce(extract(epoch FROM clock_timestamp() - min(next_at)), 0)::float8
     FROM deadlines WHERE next_at < statement_timestamp()) AS late_seconds,
    (SELECT count(*) FROM outbox WHERE state IN ('offered', 'queued', 'sending')) AS outbox_waiting,
    (SELECT coalesce(extract(epoch FROM clock_timestamp() - min(due)), 0)::float8
     FROM outbox WHERE state = 'queued' AND due < statement_timestamp()) AS outbox_age_seconds,
    (SELECT count(*) FROM outbox WHERE state = 'in_doubt') AS outbox_in_doubt,
    (SELECT count(*) FROM outbox WHERE state = 'failed') AS outbox_failed,
    (SELECT count(*) FROM pushes WHERE due IS NOT NULL AND attempts > 0) AS pushes_failing,
    (SELECT count(*) FROM account_troubles WHERE last > statement_timestamp() - interval '1 hour') AS account_troubles
