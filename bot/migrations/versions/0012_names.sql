-- The name under which a message goes to a platform that takes each name once: how often it got a new one, and whether a
-- try under the present one may have brought it there.
ALTER TABLE outbox ADD COLUMN renamed integer NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN unsure boolean NOT NULL DEFAULT false;
