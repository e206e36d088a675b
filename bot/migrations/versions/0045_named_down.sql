DROP INDEX mentions_of;
