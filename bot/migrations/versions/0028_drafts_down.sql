DROP TABLE sent_anyway, drafts;
