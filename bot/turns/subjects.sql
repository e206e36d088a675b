-- question: A question.
SELECT id, kind, asked, answered FROM questions WHERE id = $1 AND contact_id = $2 AND kind <> 'gap'

-- survey: A survey.
SELECT id, ended, coalesce(asked, skipped) AS asked FROM surveys WHERE id = $1 AND contact_id = $2

-- owners: Whose records these are, where they are anybody's.
SELECT n.subject, n.subject_id, coalesce(s.owner, q.owner, b.owner, i.owner) AS owner
FROM unnest($1::text[], $2::bigint[]) AS n (subject, subject_id)
LEFT JOIN cases s ON s.kind = n.subject AND s.id = n.subject_id
LEFT JOIN questions q ON n.subject = 'question' AND q.id = n.subject_id
LEFT JOIN callbacks b ON n.subject = 'callback' AND b.id = n.subject_id
LEFT JOIN improvements i ON n.subject = 'improvement' AND i.id = n.subject_id
WHERE coalesce(s.owner, q.owner, b.owner, i.owner) IS NOT NULL
