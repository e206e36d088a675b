ALTER TABLE surveys DROP COLUMN undelivered; ALTER TABLE outbox DROP COLUMN notice;
