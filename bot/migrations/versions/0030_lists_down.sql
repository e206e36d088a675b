DROP INDEX conversations_with_bot;
DROP TABLE snags, whispers, take_overs, reassign_reasons, desk_settings;
