-- page: Tickets with whose they are.
SELECT t.id, t.version, t.kind, t.business, t.text, t.state, t.grade, t.department, t.owner, t.handler, t.created, t.archived,
    t.next_due, t.next_clause, t.contact_id, c.name, c.channel, o.name AS owner_name, h.name AS handler_name
FROM tickets t
JOIN contacts c ON c.id = t.contact_id
LEFT JOIN agents o ON o.id = t.owner
LEFT JOIN units u ON u.id = o.unit_id
LEFT JOIN agents h ON h.id = t.handler
WHERE {where}
ORDER BY {order}
LIMIT {most}

-- counts: All that is open, late, due soon, grave, and followed by this person.
SELECT count(*) AS open, count(*) FILTER (WHERE t.next_due <= clock_timestamp()) AS late,
    count(*) FILTER (WHERE t.next_due > clock_timestamp() AND t.next_due <= clock_timestamp() + interval '4 hours') AS soon,
    count(*) FILTER (WHERE t.grade IN ('escalated', 'major')) AS grave, count(*) FILTER (WHERE t.owner = {me}) AS mine
FROM tickets t
LEFT JOIN agents o ON o.id = t.owner
LEFT JOIN units u ON u.id = o.unit_id
WHERE {where}

-- sizes: How many tickets are so far on.
SELECT t.state, count(*) AS n
FROM tickets t
LEFT JOIN agents o ON o.id = t.owner
LEFT JOIN units u ON u.id = o.unit_id
WHERE {where}
GROUP BY t.state

-- size: How many tickets.
SELECT count(*)
FROM tickets t
LEFT JOIN agents o ON o.id = t.owner
LEFT JOIN units u ON u.id = o.unit_id
WHERE {where}

-- by_number: The order of a file.
t.id

-- due_first: The order of what is open.
t.next_due, t.id

-- late_first: The order of the archive.
t.archived DESC, t.id DESC

-- within: What a person may see: what is nobody's or their own, and for those who lead what people of their unit follow.
(t.owner IS NULL OR starts_with(u.path, {scope}) OR {me} IN (t.owner, t.handler, t.created_by))

-- within_department: What a handler may see: what lies with their department, and what they have worked on.
(t.department = {department} OR t.handler = {me} OR t.owner = {me})

-- open: Not archived.
t.archived IS NULL

-- archived: Archived.
t.archived IS NOT NULL

-- kind: Of a kind.
t.kind = {kind}

-- state: So far on.
t.state = {state}

-- department: With a department.
t.department = {department}

-- grade: Of a grade.
t.grade = {grade}

-- owner: Followed by somebody.
t.owner = {me}

-- handler: Handled by somebody.
t.handler = {me}

-- nobody: Followed by nobody.
t.owner IS NULL

-- late: A limit has passed.
t.next_due <= clock_timestamp()

-- soon: A limit passes within four hours.
t.next_due > clock_timestamp() AND t.next_due <= clock_timestamp() + interval '4 hours'

-- number: With this number, here or in the system that it comes from.
(t.id = {number} OR t.outside = {words})

-- words: With these words.
pairs(t.text) @> {pairs} AND position(lower({words}) IN lower(t.text)) > 0

-- called: With these words, or called so in the system that it comes from; within OR the cheaper condition stands first.
(position(lower({words}) IN lower(t.text)) > 0 AND pairs(t.text) @> {pairs} OR t.outside = {words})

-- beyond: With a higher number.
t.id > {id}

-- after: Beyond the last line of the page before.
(t.next_due, t.id) > ({due}, {id})

-- before: Beyond the last line of the page before, in the archive.
(t.archived, t.id) < ({due}, {id})
