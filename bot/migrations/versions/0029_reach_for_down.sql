DROP TABLE knowledge_lookups, mentions, canned_uses;
DELETE FROM canned_replies WHERE agent_id IS NOT NULL OR unit_id IS NOT NULL;
ALTER TABLE canned_replies DROP COLUMN id, DROP COLUMN agent_id, DROP COLUMN unit_id, ADD PRIMARY KEY (key);
