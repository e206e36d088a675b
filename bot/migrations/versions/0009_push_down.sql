ALTER TABLE pushes DROP COLUMN since, DROP COLUMN kind;
CREATE TABLE push_progress (
    one             boolean PRIMARY KEY DEFAULT true CHECK (one),
    looked_until    timestamptz NOT NULL DEFAULT clock_timestamp()
);
INSERT INTO push_progress DEFAULT VALUES;
