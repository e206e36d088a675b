DROP INDEX tickets_complained;
DROP TABLE improvements, complaint_weeks;
