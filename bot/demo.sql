-- empty: Whether nobody has begun to work with this database.
SELECT NOT EXISTS (SELECT 1 FROM agents) AND NOT EXISTS (SELECT 1 FROM knowledge) AND NOT EXISTS (SELECT 1 FROM queues)

-- add_queue: A queue.
INSERT INTO queues (id, name_zh, name_en, skill, priority, longest) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (id) DO NOTHING

-- add_reply: A canned reply.
INSERT INTO canned_replies (key, title, text) VALUES ($1, $2, $3) ON CONFLICT (key) DO NOTHING

-- add_wrapup: A wrap-up code.
INSERT INTO wrapups (code, parent, label_zh, label_en, position) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (code) DO NOTHING

-- add_standard: A standard in force from now on.
INSERT INTO standards (text) VALUES ($1)
