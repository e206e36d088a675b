-- The number of a ticket in the system that it was imported from; each comes once. NULL: it began here.
ALTER TABLE tickets ADD COLUMN outside text UNIQUE;
