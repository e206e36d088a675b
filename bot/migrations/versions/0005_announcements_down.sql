ALTER TABLE web_sessions DROP COLUMN agreed_to, DROP COLUMN agreed;
DROP TABLE announcements;
