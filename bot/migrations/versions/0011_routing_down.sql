ALTER TABLE queues ADD COLUMN skill text NOT NULL DEFAULT '';
UPDATE queues SET skill = coalesce(required[1], '');
ALTER TABLE queues DROP COLUMN required;
DELETE FROM publications WHERE subject = 'routing';
DROP TABLE routings;
