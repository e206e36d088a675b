-- ask: A list is wanted as a file, unless enough of this person's are under way.
INSERT INTO ticket_exports (agent_id, query, format)
SELECT $1, $2, $3
WHERE (SELECT count(*) FROM ticket_exports WHERE agent_id = $1 AND made IS NULL AND tries <= $5) < $4
RETURNING id

-- listed: What somebody has asked for, the latest first.
SELECT id, query, format, requested, total, written, made, size, made IS NULL AND tries >= $2 AND due <= statement_timestamp() AS failed
FROM ticket_exports WHERE agent_id = $1 ORDER BY id DESC LIMIT 20

-- found: A file that is ready, of whoever asked for it.
SELECT id, format, place, size, made FROM ticket_exports WHERE id = $1 AND agent_id = $2 AND made IS NOT NULL

-- claim: Take one that is due, for as long as one try may last; nobody else tries meanwhile.
UPDATE ticket_exports SET tries = tries + 1, written = 0, due = clock_timestamp() + make_interval(secs => $2)
WHERE id = $1 AND made IS NULL AND due <= statement_timestamp() AND tries < $3
RETURNING agent_id, query, format

-- begun: How many rows it will have.
UPDATE ticket_exports SET total = $2 WHERE id = $1

-- abouts: What tickets are about beside their descriptions.
SELECT id, about_number, about_place, about_day, about_time FROM tickets WHERE id = ANY($1)

-- written: How many it has.
UPDATE ticket_exports SET written = $2 WHERE id = $1

-- made: It is ready, unless another try was faster.
UPDATE ticket_exports SET made = clock_timestamp(), place = $2, size = $3, total = $4, written = $4
WHERE id = $1 AND made IS NULL
RETURNING id

-- barred: Whoever asked for it may no longer have it.
DELETE FROM ticket_exports WHERE id = $1

-- overdue: What is due and no job deals with.
SELECT id FROM ticket_exports WHERE made IS NULL AND due <= statement_timestamp() AND tries < $1 ORDER BY id LIMIT $2

-- expire: A file goes when a day has passed.
DELETE FROM ticket_exports WHERE id IN (
    SELECT id FROM ticket_exports WHERE requested < statement_timestamp() - make_interval(secs => $1) ORDER BY id LIMIT $2)
RETURNING place
