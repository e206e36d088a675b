-- standing: Whether somebody has a second factor, whether their role needs one, and how many recovery codes are left.
SELECT EXISTS (SELECT 1 FROM second_factors f WHERE f.agent_id = a.id AND f.confirmed IS NOT NULL) AS has,
       coalesce(r.second_factor, false) AS required,
       (SELECT count(*) FROM recovery_codes c WHERE c.agent_id = a.id AND c.used IS NULL) AS left
FROM agents a LEFT JOIN role_rules r ON r.role = a.role
WHERE a.id = $1

-- begin: A secret that waits for its first code, where nothing is there yet.
INSERT INTO second_factors (agent_id, secret) VALUES ($1, $2) ON CONFLICT (agent_id) DO NOTHING

-- secret: What somebody's telephone and we know.
SELECT secret, confirmed FROM second_factors WHERE agent_id = $1

-- confirm: The telephone has the secret; its first code counts no more.
UPDATE second_factors SET confirmed = clock_timestamp(), last_step = $2 WHERE agent_id = $1 AND confirmed IS NULL RETURNING agent_id

-- spend_step: A code is taken, unless it or a later one was taken before.
UPDATE second_factors SET last_step = $2 WHERE agent_id = $1 AND confirmed IS NOT NULL AND last_step < $2 RETURNING agent_id

-- spend_code: A recovery code is taken, unless it was before.
UPDATE recovery_codes SET used = clock_timestamp() WHERE agent_id = $1 AND code_hash = $2 AND used IS NULL RETURNING agent_id

-- forget_codes: Before somebody is given recovery codes anew.
DELETE FROM recovery_codes WHERE agent_id = $1

-- give_codes: The hashes of somebody's recovery codes.
INSERT INTO recovery_codes (agent_id, code_hash) SELECT $1, unnest($2::bytea[])

-- drop: Somebody's second factor is gone, with its recovery codes; their sessions count as begun without one.
WITH gone AS (DELETE FROM second_factors WHERE agent_id = $1 RETURNING agent_id, confirmed),
     codes AS (DELETE FROM recovery_codes WHERE agent_id = $1),
     weaker AS (UPDATE agent_sessions SET strong = false WHERE agent_id = $1)
SELECT agent_id FROM gone WHERE confirmed IS NOT NULL
