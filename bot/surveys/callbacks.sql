-- open: A low score is called back about, once.
INSERT INTO callbacks (survey_id, contact_id, conversation_id, score, opened)
SELECT s.id, s.contact_id, s.conversation_id, $2, $3 FROM surveys s WHERE s.id = $1
ON CONFLICT (survey_id) DO NOTHING
RETURNING id

-- take: A leader answers for it until somebody has called.
UPDATE callbacks SET owner = $3 WHERE id = $1 AND contact_id = $2 AND called IS NULL
RETURNING opened, called, revisited

-- call: The customer was called: why, and what is done about it.
UPDATE callbacks SET called = $4, called_by = $3, owner = coalesce(owner, $3), cause = $5, plan = $6, departments = $7
WHERE id = $1 AND contact_id = $2 AND called IS NULL
RETURNING opened, called, revisited

-- revisit: The customer was visited again: whether they were won back.
UPDATE callbacks SET revisited = $4, revisited_by = $3, won_back = $5, remark = $6
WHERE id = $1 AND contact_id = $2 AND called IS NOT NULL AND revisited IS NULL
RETURNING opened, called, revisited

-- one: A call-back of a contact.
SELECT opened, called, revisited FROM callbacks WHERE id = $1 AND contact_id = $2

-- list: Call-backs of people below a path: open ones first, those due next on top, then the lately finished.
SELECT b.*, c.channel, c.name, a.name AS agent_name, o.name AS owner_name, s.comment, s.stars, s.solved, s.reasons, s.nps, d.clause, d.due
FROM callbacks b
JOIN contacts c ON c.id = b.contact_id
JOIN surveys s ON s.id = b.survey_id
LEFT JOIN agents a ON a.id = s.agent_id
LEFT JOIN agents o ON o.id = b.owner
LEFT JOIN units u ON u.id = coalesce(a.unit_id, o.unit_id)
LEFT JOIN LATERAL (
    SELECT clause, due FROM deadlines
    WHERE subject = 'callback' AND subject_id = b.id AND met IS NULL AND voided IS NULL ORDER BY due LIMIT 1
) d ON true
WHERE starts_with(coalesce(u.path, $1), $1)
  AND (b.revisited IS NULL OR b.revisited > statement_timestamp() - interval '30 days')
ORDER BY b.revisited IS NOT NULL, d.due NULLS LAST, b.revisited DESC
LIMIT 200

-- may: Whether somebody who leads below a path may see a call-back; its contact.
SELECT b.contact_id
FROM callbacks b
JOIN surveys s ON s.id = b.survey_id
LEFT JOIN agents a ON a.id = s.agent_id
LEFT JOIN agents o ON o.id = b.owner
LEFT JOIN units u ON u.id = coalesce(a.unit_id, o.unit_id)
WHERE b.id = $1 AND starts_with(coalesce(u.path, $2), $2)

-- waiting: How many wait for a first call, of people below a path.
SELECT count(*)
FROM callbacks b JOIN surveys s ON s.id = b.survey_id
LEFT JOIN agents a ON a.id = s.agent_id LEFT JOIN units u ON u.id = a.unit_id
WHERE b.called IS NULL AND starts_with(coalesce(u.path, $1), $1)
