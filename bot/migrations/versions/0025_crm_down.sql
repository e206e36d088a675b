ALTER TABLE contacts DROP COLUMN level, DROP COLUMN region;
DROP TABLE crm_records;
