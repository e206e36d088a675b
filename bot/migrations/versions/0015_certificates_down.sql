DROP VIEW certified; DROP TABLE certificates;
