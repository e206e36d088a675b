-- kept: People's answers within a time, by queue and agent; those of conversations that go on, each by itself.
-- Each conversation is looked up by its key, whatever is known of the table: a day's are few among all of them.
WITH kept AS MATERIALIZED (
    SELECT subject_id, count(*) FILTER (WHERE clause = 'enquiry.first_response') AS firsts,
           sum(date_part('epoch', met - opened)) FILTER (WHERE clause = 'enquiry.first_response') AS first,
           count(*) AS answers, sum(date_part('epoch', met - opened)) AS total
    FROM deadlines
    WHERE met >= $1 AND met < $2 AND clause IN ('enquiry.first_response', 'enquiry.next_response')
    GROUP BY subject_id
)
SELECT CASE WHEN v.closed IS NULL THEN k.subject_id END AS open, v.queue, v.assignee, sum(k.firsts)::int AS firsts,
       coalesce(sum(k.first), 0)::float8 AS first, sum(k.answers)::int AS answers, sum(k.total)::float8 AS total
FROM kept k CROSS JOIN LATERAL (SELECT queue, assignee, closed FROM conversations WHERE id = k.subject_id OFFSET 0) v
GROUP BY 1, v.queue, v.assignee

-- standing: Whose conversations are now, and whether they have ended.
SELECT v.id, v.queue, v.assignee, v.closed IS NOT NULL AS ended
FROM unnest($1::bigint[]) AS k (id) CROSS JOIN LATERAL (SELECT * FROM conversations WHERE id = k.id OFFSET 0) v

-- paths: Where everybody belongs.
SELECT a.id, u.path FROM agents a JOIN units u ON u.id = a.unit_id
