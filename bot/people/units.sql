-- all: The tree, each unit after the one above it.
SELECT id, parent, level, name, path, (SELECT count(*) FROM agents a WHERE a.unit_id = u.id AND NOT a.disabled) AS people
FROM units u ORDER BY string_to_array(trim(path, '/'), '/')::text[]

-- one: A unit.
SELECT id, level, path FROM units WHERE id = $1

-- add: A unit below another; its path ends with its own id.
WITH made AS (SELECT nextval(pg_get_serial_sequence('units', 'id'))::integer AS id)
INSERT INTO units (id, parent, level, name, path) OVERRIDING SYSTEM VALUE
SELECT made.id, p.id, $2, $3, p.path || made.id || '/' FROM made, units p WHERE p.id = $1
RETURNING id
