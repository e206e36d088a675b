DELETE FROM publications WHERE subject = 'forms';
DROP TABLE forms;
