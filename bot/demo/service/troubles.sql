-- latest: The ticket that was written down last for a contact.
SELECT t.id, t.department, t.grade, c.channel FROM tickets t JOIN contacts c ON c.id = t.contact_id
WHERE t.contact_id = $1 ORDER BY t.id DESC LIMIT 1

-- version: A ticket's version.
SELECT version FROM tickets WHERE id = $1

-- solve_by: When a ticket has to be solved.
SELECT min(due) FROM deadlines
WHERE subject IN ('ticket', 'complaint') AND subject_id = $1 AND clause IN ('ticket.close', 'complaint.resolve')
  AND met IS NULL AND voided IS NULL
