-- questions_of: What a contact wants to know and nobody has answered.
SELECT id, text FROM questions WHERE contact_id = $1 AND answered IS NULL AND kind = 'follow_up'

-- asked_of: The survey that a contact was asked and has not answered.
SELECT id FROM surveys WHERE contact_id = $1 AND asked IS NOT NULL AND scored IS NULL ORDER BY id DESC LIMIT 1
