-- published: All versions of all forms that were published.
SELECT id, version, text FROM forms ORDER BY id, version

-- lock: One publishes at a time.
LOCK TABLE forms IN SHARE ROW EXCLUSIVE MODE

-- add: Publish a version of a form.
INSERT INTO forms (id, version, text) VALUES ($1, $2, $3)
