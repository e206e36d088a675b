-- page: Tickets that were picked, with whose they are.
SELECT t.id, t.version, t.kind, t.business, t.text, t.state, t.grade, t.department, t.owner, t.handler, t.created, t.archived,
    t.next_due, t.next_clause, t.contact_id, c.name, c.channel, o.name AS owner_name, h.name AS handler_name
FROM ({picked}) AS k
JOIN tickets t ON t.id = k.id
JOIN contacts c ON c.id = t.contact_id
LEFT JOIN agents o ON o.id = t.owner
LEFT JOIN agents h ON h.id = t.handler
ORDER BY {order}

-- picked: The first tickets in an order; nothing but what indices hold is asked of all others.
SELECT t.id FROM tickets t WHERE {where} ORDER BY {order} LIMIT {most}

-- these: Tickets that have been picked by their numbers.
SELECT unnest($1::bigint[]) AS id

-- walked: Of the first tickets in an order those that fit, and the last that was looked at.
SELECT t.id, t.nth, t.{at} AS at, x.fits
FROM (
    SELECT t.id, t.created, t.next_due, t.archived, t.outside, row_number() OVER (ORDER BY {order}) AS nth
    FROM tickets t WHERE {where} ORDER BY {order} LIMIT {walk}
) AS t
CROSS JOIN LATERAL (SELECT {fits} AS fits FROM ticket_texts x WHERE x.ticket_id = t.id OFFSET 0) AS x
WHERE x.fits OR t.nth = {walk}
ORDER BY {order} LIMIT {most}

-- fits: Has all of the words.
x.said LIKE ALL ({patterns})

-- fits_or_named: Has all of the words, or is called so in the system that it comes from.
(x.said LIKE ALL ({patterns}) OR t.outside = {words})

-- sifted: The first in an order of tickets that were found; each is looked up by its key.
SELECT t.id
FROM unnest({found}) AS f (id)
CROSS JOIN LATERAL (
    SELECT t.id, t.next_due, t.archived FROM tickets t WHERE t.id = f.id AND {where} OFFSET 0
) AS t
ORDER BY {order} LIMIT {most}

-- common: How many of the latest texts have all of the words.
SELECT count(*) FROM (SELECT x.said FROM ticket_texts x ORDER BY x.ticket_id DESC LIMIT {sample}) AS x
WHERE x.said LIKE ALL ({patterns})

-- newest: The highest number of a ticket.
SELECT coalesce(max(id), 0) FROM tickets

-- texts: Tickets with all of the words.
SELECT x.ticket_id FROM ticket_texts x WHERE grams(x.said) @> {pieces} AND x.said LIKE ALL ({patterns})

-- texts_anywhere: The same where the index has no piece of them: a single sign of ASCII.
SELECT x.ticket_id FROM ticket_texts x WHERE x.said LIKE ALL ({patterns})

-- named: And the one that is called so in the system that it comes from.
 UNION SELECT o.id FROM tickets o WHERE o.outside = {words}

-- counts: All that is open, late, due soon, grave, and followed by this person.
SELECT count(*) AS open, count(*) FILTER (WHERE t.next_due <= statement_timestamp()) AS late,
    count(*) FILTER (WHERE t.next_due > statement_timestamp() AND t.next_due <= statement_timestamp() + interval '4 hours') AS soon,
    count(*) FILTER (WHERE t.grade IN ('escalated', 'major')) AS grave, count(*) FILTER (WHERE t.owner = {me}) AS mine
FROM tickets t
WHERE {where}

-- sizes: How many tickets are so far on.
SELECT t.state, count(*) AS n
FROM tickets t
WHERE {where}
GROUP BY t.state

-- size: How many tickets, so many at the most.
SELECT count(*) FROM (SELECT FROM tickets t WHERE {where} LIMIT {most}) AS counted

-- by_number: The order of a file.
t.id

-- by_next_due: The order of what is open.
t.next_due, t.id

-- by_archived: The order of the archive.
t.archived DESC, t.id DESC

-- by_created: The order of what words are looked for in everywhere.
t.id DESC

-- within: What a person may see: what is nobody's or their own, and for those who lead what people of their unit follow.
(t.owner IS NULL OR {me} IN (t.owner, t.handler, t.created_by)
    OR t.owner IN (SELECT a.id FROM agents a JOIN units u ON u.id = a.unit_id WHERE starts_with(u.path, {scope})))

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

-- merged: Merged, which few are.
t.state = 'merged'

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
t.next_due <= statement_timestamp()

-- soon: A limit passes within four hours.
t.next_due > statement_timestamp() AND t.next_due <= statement_timestamp() + interval '4 hours'

-- number: With this number, here or in the system that it comes from.
(t.id = {number} OR t.outside = {words})

-- beyond: With a higher number.
t.id > {id}

-- after: Beyond the last line of the page before; what no limit runs for comes last.
(coalesce(t.next_due, timestamptz '9999-12-31 00:00+00'), t.id) > ({due}, {id})

-- before: Beyond the last line of the page before, in the archive.
(t.archived, t.id) < ({due}, {id})

-- down_to: With this number or a higher one.
t.id >= {bottom}

-- earlier: Beyond the last line of the page before, of what was looked for everywhere.
t.id < {id}
