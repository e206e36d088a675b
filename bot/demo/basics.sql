-- empty: Whether nobody has begun to work with this database.
SELECT NOT EXISTS (SELECT 1 FROM agents) AND NOT EXISTS (SELECT 1 FROM knowledge)

-- add_reply: A canned reply.
INSERT INTO canned_replies (key, title, text) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING

-- add_wrapup: A wrap-up code.
INSERT INTO wrapups (code, parent, label_zh, label_en, position) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (code) DO NOTHING

-- add_standard: A standard in force from now on.
INSERT INTO standards (pack, text) VALUES ($1, $2)

-- join_department: Somebody handles the tickets of a department.
UPDATE agents SET department = $2 WHERE login = $1
