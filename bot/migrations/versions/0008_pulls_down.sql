ALTER TABLE outbox DROP COLUMN ends; ALTER TABLE outbox DROP COLUMN voucher_until; ALTER TABLE outbox DROP COLUMN voucher;
DROP TABLE pulls;
