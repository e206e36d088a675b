-- seen_by: The canned replies that somebody has: their own, those of their units, everybody's; lately used ones first.
SELECT c.id, c.key, c.title, c.text, c.agent_id, c.unit_id, u.path, coalesce(u.name, '') AS unit
FROM canned_replies c
LEFT JOIN units u ON u.id = c.unit_id
LEFT JOIN canned_uses s ON s.canned_id = c.id AND s.agent_id = $1
WHERE (c.agent_id = $1 OR c.agent_id IS NULL) AND (c.unit_id IS NULL OR starts_with($2, u.path))
ORDER BY s.used DESC NULLS LAST, c.agent_id IS NULL, c.unit_id IS NULL, c.key, c.id

-- add: A canned reply of its owner; none where they have one of that key.
INSERT INTO canned_replies (key, title, text, agent_id, unit_id)
VALUES ($1, $2, $3, $4, (SELECT id FROM units WHERE path = $5)) ON CONFLICT DO NOTHING RETURNING id

-- change: Other words for one; a key that its owner has already is no change.
UPDATE canned_replies c SET key = $2, title = $3, text = $4
WHERE id = $1 AND NOT EXISTS (
    SELECT 1 FROM canned_replies o WHERE o.key = $2 AND o.id <> c.id
      AND coalesce(o.agent_id, 0) = coalesce(c.agent_id, 0) AND coalesce(o.unit_id, 0) = coalesce(c.unit_id, 0))
RETURNING id

-- drop: One that nobody needs any more.
DELETE FROM canned_replies WHERE id = $1 RETURNING id

-- use: Somebody has used one.
INSERT INTO canned_uses (agent_id, canned_id, used) VALUES ($1, $2, clock_timestamp())
ON CONFLICT (agent_id, canned_id) DO UPDATE SET used = excluded.used
