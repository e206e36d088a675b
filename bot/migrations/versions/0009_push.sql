-- A row is written with the turn that said something a phone may have to be woken for; nothing is looked up afterwards.
DROP TABLE push_progress;
ALTER TABLE pushes
    ADD COLUMN kind text NOT NULL DEFAULT 'notice' CHECK (kind IN ('agent', 'survey', 'notice')),
    ADD COLUMN since timestamptz NOT NULL DEFAULT clock_timestamp();    -- of the first message not told of yet
