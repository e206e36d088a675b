ALTER TABLE agents DROP COLUMN department;
