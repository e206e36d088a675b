-- hire: Take somebody in; who is here already is brought up to date.
INSERT INTO agents (login, name, password_hash, role, team, skills, capacity, unit_id, department)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (login) DO UPDATE SET password_hash = excluded.password_hash, unit_id = excluded.unit_id
RETURNING id
