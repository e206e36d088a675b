-- taken: Whether an act with this id has been written before.
SELECT EXISTS (SELECT 1 FROM intake WHERE contact_id = $1 AND source_id = $2)
