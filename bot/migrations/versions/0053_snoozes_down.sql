DROP VIEW set_aside;
DROP TABLE snoozes;
