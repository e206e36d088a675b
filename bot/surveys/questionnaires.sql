-- published: All versions of the questionnaire that were published.
SELECT version, text FROM questionnaires ORDER BY version

-- lock: One publishes at a time.
LOCK TABLE questionnaires IN SHARE ROW EXCLUSIVE MODE

-- add: Publish a version.
INSERT INTO questionnaires (version, text) VALUES ($1, $2)
