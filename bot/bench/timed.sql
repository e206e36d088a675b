-- nothing: What a round trip takes on this machine now.
SELECT 1

-- add_table: Where rows are written that mean nothing.
CREATE TABLE bench_rows (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp())

-- row: What a commit of one row takes on this disk now.
INSERT INTO bench_rows DEFAULT VALUES
