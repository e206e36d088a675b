DROP TABLE wall_thresholds;
DROP INDEX deadlines_promised, deadlines_kept, deadlines_broken, surveys_scored, conversations_opened;
