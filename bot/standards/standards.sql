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

-- figures: Deadlines by edition's clause as of now, of people below a path: how many are open, of them warned; late since a
-- moment or still; met in time since then. Those of nobody count for everybody who leads.
WITH counted AS (
    SELECT clause, met, voided, warned, breached, subject, subject_id FROM deadlines WHERE met IS NULL AND voided IS NULL
    UNION ALL
    SELECT clause, met, voided, warned, breached, subject, subject_id FROM deadlines WHERE met >= $1
)
SELECT d.clause,
       count(*) FILTER (WHERE d.met IS NULL AND d.breached IS NULL) AS open,
       count(*) FILTER (WHERE d.met IS NULL AND d.breached IS NULL AND d.warned IS NOT NULL) AS warned,
       count(*) FILTER (WHERE d.breached IS NOT NULL) AS late,
       count(*) FILTER (WHERE d.met IS NOT NULL AND d.breached IS NULL) AS met
FROM counted d
LEFT JOIN deadline_owners o ON o.subject = d.subject AND o.subject_id = d.subject_id
LEFT JOIN agents a ON a.id = o.owner
LEFT JOIN units u ON u.id = a.unit_id
WHERE starts_with(coalesce(u.path, $2), $2)
GROUP BY d.clause

-- rows: The deadlines behind a figure, the most urgent first.
SELECT d.id, d.clause, d.subject, d.subject_id, d.opened, d.due, d.warned, d.breached, d.met, d.edition,
       c.id AS contact_id, c.name, c.channel, a.name AS owner_name, s.title
FROM deadlines d
JOIN contacts c ON c.id = d.contact_id
LEFT JOIN deadline_owners o ON o.subject = d.subject AND o.subject_id = d.subject_id
LEFT JOIN agents a ON a.id = o.owner
LEFT JOIN units u ON u.id = a.unit_id
LEFT JOIN cases s ON s.kind = d.subject AND s.id = d.subject_id
WHERE d.clause = $3 AND (d.met IS NULL AND d.voided IS NULL OR d.met >= $1) AND starts_with(coalesce(u.path, $2), $2)
  AND CASE $4
      WHEN 'open' THEN d.met IS NULL AND d.breached IS NULL
      WHEN 'warned' THEN d.met IS NULL AND d.breached IS NULL AND d.warned IS NOT NULL
      WHEN 'late' THEN d.breached IS NOT NULL
      ELSE d.met IS NOT NULL AND d.breached IS NULL END
ORDER BY d.due
LIMIT 200
