ALTER TABLE tickets DROP COLUMN about_number, DROP COLUMN about_place, DROP COLUMN about_day, DROP COLUMN about_time;
