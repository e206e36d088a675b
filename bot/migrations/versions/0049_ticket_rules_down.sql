DELETE FROM publications WHERE subject = 'tickets';
DROP TABLE ticket_rules;
