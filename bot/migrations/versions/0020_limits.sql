-- The most conversations at once on single channels, such as {"wechat": 3}; the capacity holds for all of them together.
ALTER TABLE agents ADD COLUMN channel_limits jsonb NOT NULL DEFAULT '{}';
