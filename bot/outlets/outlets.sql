-- keep: The outlet whose QR code the contact scanned last.
UPDATE contacts SET outlet = $2, outlet_scanned = $3 WHERE id = $1

-- put: An outlet, new or under a new name.
INSERT INTO outlets (id, name, city) VALUES ($1, $2, $3)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, city = excluded.city
RETURNING (xmax = 0) AS added

-- all: All outlets, city by city.
SELECT id, name, city FROM outlets ORDER BY city, name, id

-- one: An outlet.
SELECT id, name, city FROM outlets WHERE id = $1
