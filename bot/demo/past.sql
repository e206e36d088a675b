-- make: A clock of the past: connections that look here first read their time from a row of ours instead of PostgreSQL's
-- own, and so does whatever a column says by itself of when it was written.
CREATE SCHEMA past;
CREATE TABLE past.clock (moment timestamptz NOT NULL) WITH (fillfactor = 10);
INSERT INTO past.clock VALUES ('-infinity');
CREATE FUNCTION past.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
AS 'SELECT moment FROM past.clock';
CREATE FUNCTION past.statement_timestamp() RETURNS timestamptz LANGUAGE sql STABLE
AS 'SELECT moment FROM past.clock';
CREATE FUNCTION past.let_columns_read(before text, after text) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog
AS $$
DECLARE
    one record;
BEGIN
    FOR one IN
        SELECT d.adrelid::regclass AS place, a.attname AS name
        FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
        WHERE pg_get_expr(d.adbin, d.adrelid) = before
    LOOP
        EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET DEFAULT %s', one.place, one.name, after);
    END LOOP;
END
$$;
SELECT past.let_columns_read('clock_timestamp()', 'past.clock_timestamp()')

-- laid: Whether there is a clock of the past.
SELECT to_regnamespace('past') IS NOT NULL

-- drop: Away with it; columns read PostgreSQL's own time again.
SELECT past.let_columns_read('past.clock_timestamp()', 'clock_timestamp()');
DROP SCHEMA past CASCADE

-- set: What time it is.
UPDATE past.clock SET moment = $1

-- next_due: When the next deadline takes a step, after a moment.
SELECT min(next_at) FROM deadlines WHERE next_at > $1
