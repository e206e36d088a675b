ALTER TABLE ticket_imports DROP COLUMN account;
