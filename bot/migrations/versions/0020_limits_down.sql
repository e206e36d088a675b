ALTER TABLE agents DROP COLUMN channel_limits;
