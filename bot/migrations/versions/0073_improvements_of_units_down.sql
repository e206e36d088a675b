DROP FUNCTION improvement_concerns(bigint, text);
ALTER TABLE alerts DROP COLUMN improvement_id;
DELETE FROM improvements WHERE unit_id IS NOT NULL;
ALTER TABLE improvements DROP COLUMN unit_id, ADD UNIQUE (week, cause, business);
