ALTER TABLE agents DROP COLUMN unit_id; DROP TABLE units;
