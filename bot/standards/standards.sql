-- editions: Everything that was published, in the order in which it takes effect.
SELECT id, pack, text, effective_from, rebased, published_by FROM standards ORDER BY effective_from, id

-- packs_beside: The newest text of each pack but this one; the house's own standard is none.
SELECT DISTINCT ON (pack) pack, text FROM standards WHERE pack NOT IN ('', $1) ORDER BY pack, effective_from DESC, id DESC

-- add: Publish an edition.
INSERT INTO standards (pack, text, effective_from, rebased, published_by)
VALUES ($1, $2, coalesce($3, clock_timestamp()), CASE WHEN $4 THEN clock_timestamp() END, $5)
RETURNING id

-- rebase: Decide that open records follow an edition.
UPDATE standards SET rebased = clock_timestamp() WHERE id = $1 RETURNING pack

-- measured_otherwise: Records with running deadlines of other editions than this one, after one of them.
SELECT DISTINCT contact_id, subject, subject_id FROM deadlines
WHERE met IS NULL AND voided IS NULL AND edition <> $1 AND subject = ANY($2::text[])
  AND (subject, subject_id) > ($3, $4::bigint)
ORDER BY subject, subject_id
LIMIT $5
