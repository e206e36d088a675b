-- wrapups: The wrap-up codes with their headings, in order.
SELECT w.code, w.label_zh, w.label_en, coalesce(p.label_zh, '') AS parent_zh, coalesce(p.label_en, '') AS parent_en
FROM wrapups w LEFT JOIN wrapups p ON p.code = w.parent
WHERE w.parent IS NOT NULL OR NOT EXISTS (SELECT 1 FROM wrapups child WHERE child.parent = w.code)
ORDER BY coalesce(p.position, w.position), p.code, w.position, w.code

-- wrapup_exists: Whether a conversation can be closed with this code.
SELECT EXISTS (
    SELECT 1 FROM wrapups w WHERE w.code = $1 AND NOT EXISTS (SELECT 1 FROM wrapups child WHERE child.parent = w.code))
