DROP TABLE challenge_tries;
ALTER TABLE crm_records DROP COLUMN id_tail;
DELETE FROM publications WHERE subject = 'forms';
DROP TABLE forms;
