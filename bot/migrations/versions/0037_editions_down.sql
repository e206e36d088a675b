DELETE FROM deadlines d USING cases c WHERE d.subject = c.kind;
DROP TABLE cases;
DELETE FROM standards WHERE pack <> '';
ALTER TABLE deadlines DROP COLUMN edition;
ALTER TABLE standards DROP COLUMN published_by, DROP COLUMN rebased, DROP COLUMN pack;
