-- of: What a person has chosen.
SELECT chosen FROM agent_preferences WHERE agent_id = $1

-- choose: A person chooses anew.
INSERT INTO agent_preferences (agent_id, chosen) VALUES ($1, $2)
ON CONFLICT (agent_id) DO UPDATE SET chosen = excluded.chosen
