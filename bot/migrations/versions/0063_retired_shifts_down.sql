ALTER TABLE shifts DROP COLUMN retired;
