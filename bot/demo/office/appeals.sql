-- complained: Who complained last, and who wrote it down.
SELECT t.contact_id, s.agent_id AS agent
FROM tickets t JOIN ticket_steps s ON s.ticket_id = t.id
WHERE t.kind = 'complaint' AND s.what = 'opened' AND s.agent_id IS NOT NULL ORDER BY t.id DESC LIMIT 1

-- latest: The case of a kind that was opened last for a contact.
SELECT id FROM cases WHERE contact_id = $1 AND kind = $2 ORDER BY id DESC LIMIT 1
