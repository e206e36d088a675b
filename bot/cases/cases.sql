-- open: Put a case on record.
INSERT INTO cases (contact_id, kind, title, facts, marks, owner, opened)
VALUES ($1, $2, $3, $4, jsonb_build_object($5::text, $6::timestamptz), $7, $6)
RETURNING id

-- hold: A case of this contact, to be changed.
SELECT id, kind, facts, marks, closed FROM cases WHERE id = $1 AND contact_id = $2 FOR UPDATE

-- mark: A case has come as far as a mark; with the last one it is closed.
UPDATE cases SET marks = marks || jsonb_build_object($2::text, $3::timestamptz), closed = CASE WHEN $4 THEN $3 END
WHERE id = $1

-- list: Cases that an agent may see: open ones first, those due next on top, then the lately closed. Those who lead see
-- what people of their unit have.
SELECT s.id, s.contact_id, s.kind, s.title, s.facts, s.marks, s.opened, s.closed, s.owner, a.name AS owner_name,
       c.channel, c.name, d.clause, d.due, d.edition
FROM cases s
JOIN contacts c ON c.id = s.contact_id
LEFT JOIN agents a ON a.id = s.owner
LEFT JOIN units u ON u.id = a.unit_id
LEFT JOIN LATERAL (
    SELECT clause, due, edition FROM deadlines
    WHERE subject = s.kind AND subject_id = s.id AND met IS NULL AND voided IS NULL ORDER BY due LIMIT 1
) d ON true
WHERE (starts_with(coalesce(u.path, '/'), $1) OR s.owner = $2 OR s.owner IS NULL)
  AND (s.closed IS NULL OR s.closed > statement_timestamp() - interval '30 days')
ORDER BY s.closed IS NOT NULL, d.due NULLS LAST, s.closed DESC, s.id DESC
LIMIT 200

-- may: Whether an agent may see a case; its contact and kind.
SELECT s.contact_id, s.kind
FROM cases s LEFT JOIN agents a ON a.id = s.owner LEFT JOIN units u ON u.id = a.unit_id
WHERE s.id = $1 AND (starts_with(coalesce(u.path, '/'), $2) OR s.owner = $3 OR s.owner IS NULL)
