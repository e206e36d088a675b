-- Since when nobody is planned for a kind of shift any more; what was planned by it stays.
ALTER TABLE shifts ADD COLUMN retired timestamptz;
