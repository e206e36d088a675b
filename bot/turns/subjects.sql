-- question: A question.
SELECT id, kind, asked, answered FROM questions WHERE id = $1 AND contact_id = $2 AND kind <> 'gap'

-- survey: A survey.
SELECT id, ended, coalesce(asked, skipped) AS asked FROM surveys WHERE id = $1 AND contact_id = $2

-- owners: Whose records these are, where they are anybody's.
SELECT s.kind AS subject, s.id AS subject_id, s.owner
FROM unnest($1::text[], $2::bigint[]) AS n (subject, subject_id)
JOIN cases s ON s.kind = n.subject AND s.id = n.subject_id
WHERE s.owner IS NOT NULL
