-- named: Who some agents are.
SELECT id, name FROM agents WHERE id = ANY($1::bigint[]) ORDER BY name, id
