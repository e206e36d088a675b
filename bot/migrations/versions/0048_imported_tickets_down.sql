ALTER TABLE tickets DROP COLUMN outside;
