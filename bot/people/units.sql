-- all: The tree, each unit after the one above it.
SELECT id, parent, level, name, path, (SELECT count(*) FROM agents a WHERE a.unit_id = u.id AND NOT a.disabled) AS people
FROM units u ORDER BY string_to_array(trim(path, '/'), '/')::text[]

-- one: A unit.
SELECT id, parent, level, name, path FROM units WHERE id = $1

-- lock: Nobody else changes the tree meanwhile; it is read as before.
LOCK TABLE units IN SHARE ROW EXCLUSIVE MODE

-- add: A unit below another; its path ends with its own id.
WITH made AS (SELECT nextval(pg_get_serial_sequence('units', 'id'))::integer AS id)
INSERT INTO units (id, parent, level, name, path) OVERRIDING SYSTEM VALUE
SELECT made.id, p.id, $2, $3, p.path || made.id || '/' FROM made, units p WHERE p.id = $1
RETURNING id

-- rename: What a unit is called.
UPDATE units SET name = $2 WHERE id = $1

-- hang: A unit below another one.
UPDATE units SET parent = $2 WHERE id = $1

-- below: The units right below one.
SELECT id, level, path FROM units WHERE parent = $1 ORDER BY id

-- repath: A unit and all below it, under another path.
UPDATE units SET path = $2 || substr(path, length($1) + 1) WHERE starts_with(path, $1)

-- people: Who belongs to each unit itself.
SELECT unit_id, id, login, name, role FROM agents WHERE NOT disabled ORDER BY unit_id, role, login

-- busy: Whether anybody in use belongs to a unit.
SELECT EXISTS (SELECT 1 FROM agents WHERE unit_id = $1 AND NOT disabled)

-- rehouse: Who belonged to one unit belongs to another.
UPDATE agents SET unit_id = $2 WHERE unit_id = $1

-- remove: A unit is gone.
DELETE FROM units WHERE id = $1
