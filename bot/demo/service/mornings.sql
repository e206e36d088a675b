-- overnight: Messages that were left for people and wait.
SELECT id, contact_id, text FROM questions WHERE answered IS NULL AND kind <> 'gap'

-- dissatisfied: Call-backs that wait for the call, or for the visit after it, with whoever leads the agent's unit.
SELECT b.id, b.contact_id, b.called IS NOT NULL AS called,
       (SELECT l.id FROM agents l JOIN agents a ON a.unit_id = l.unit_id
        WHERE a.id = s.agent_id AND l.role = 'leader' ORDER BY l.id LIMIT 1) AS leader
FROM callbacks b JOIN surveys s ON s.id = b.survey_id
WHERE b.revisited IS NULL AND coalesce(b.called, b.opened) < statement_timestamp() - interval '1 hour'
