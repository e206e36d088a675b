DROP INDEX conversations_with_bot;
DROP TABLE troubles, whispers, take_overs, reassign_reasons, desk_settings;
