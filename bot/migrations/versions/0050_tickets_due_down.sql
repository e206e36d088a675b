DROP INDEX tickets_due;
