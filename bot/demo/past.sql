-- make: A clock of the past: connections that look here first read their time from a row of ours instead of PostgreSQL's own.
CREATE SCHEMA past;
CREATE TABLE past.clock (moment timestamptz NOT NULL) WITH (fillfactor = 10);
INSERT INTO past.clock VALUES ('-infinity');
CREATE FUNCTION past.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
AS 'SELECT moment FROM past.clock';

-- drop: Away with it.
DROP SCHEMA IF EXISTS past CASCADE

-- set: What time it is.
UPDATE past.clock SET moment = $1

-- next_due: When the next deadline takes a step, after a moment.
SELECT min(next_at) FROM deadlines WHERE next_at > $1

