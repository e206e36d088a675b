-- live: What is to be shown now or begins within a minute, the gravest first.
SELECT id, level, title, text, language, starts, ends
FROM announcements
WHERE starts <= statement_timestamp() + interval '1 minute' AND (ends IS NULL OR ends > statement_timestamp())
ORDER BY array_position(ARRAY['emergency', 'warning', 'info'], level), id DESC
LIMIT 20

-- listed: Announcements, the latest first; those that have ended only on request.
SELECT a.id, a.level, a.title, a.text, a.language, a.starts, a.ends, coalesce(p.name, '') AS author
FROM announcements a LEFT JOIN agents p ON p.id = a.agent_id
WHERE $1 OR a.ends IS NULL OR a.ends > statement_timestamp()
ORDER BY a.id DESC
LIMIT 200

-- add: Announce something from now or a later moment on.
INSERT INTO announcements (level, title, text, language, starts, ends, agent_id)
VALUES ($1, $2, $3, $4, coalesce($5::timestamptz, clock_timestamp()), $6::timestamptz, $7)
RETURNING id

-- end: Take an announcement down that is still up, or has not begun.
UPDATE announcements SET starts = least(starts, clock_timestamp()), ends = clock_timestamp()
WHERE id = $1 AND (ends IS NULL OR ends > statement_timestamp())
RETURNING id
