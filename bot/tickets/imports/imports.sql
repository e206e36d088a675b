-- ask: A file has been handed in, unless enough of this person's are under way.
INSERT INTO ticket_imports (agent_id, origin, name, place)
SELECT $1, $2, $3, $4
WHERE (SELECT count(*) FROM ticket_imports WHERE agent_id = $1 AND state IN ('checking', 'taking') AND tries <= $6) < $5
RETURNING id

-- want: What was checked is to be taken in, with its customers on a hotline account.
UPDATE ticket_imports SET state = 'taking', account = $3, tries = 0, due = clock_timestamp()
WHERE id = $1 AND agent_id = $2 AND state = 'checked' AND place IS NOT NULL AND good > known
RETURNING id

-- listed: What somebody has handed in, the latest first.
SELECT id, name, place IS NOT NULL AS kept, state, account, requested, good, known, done, wrong, named, unread, taken,
       state IN ('checking', 'taking') AND tries >= $2 AND due <= statement_timestamp() AS failed
FROM ticket_imports WHERE agent_id = $1 ORDER BY id DESC LIMIT 20

-- claim: Take one that is due, for as long as one try may last; nobody else tries meanwhile.
UPDATE ticket_imports SET tries = tries + 1, done = 0, due = clock_timestamp() + make_interval(secs => $2)
WHERE id = $1 AND state IN ('checking', 'taking') AND due <= statement_timestamp() AND tries < $3
RETURNING agent_id, origin, name, place, state, account, tries, known

-- checked: What stands in it.
UPDATE ticket_imports SET state = 'checked', good = $2, known = $3, wrong = $4, named = $5::jsonb
WHERE id = $1 AND state = 'checking'

-- unread: It cannot be read at all.
UPDATE ticket_imports SET state = 'unread', unread = $2, place = NULL WHERE id = $1

-- barred: Its bytes are gone, or whoever handed it in may no longer take it in.
UPDATE ticket_imports SET state = 'unread', unread = ARRAY['gone', ''], place = NULL WHERE id = $1

-- begun: What the import finds in it, which may be more than the check found.
UPDATE ticket_imports SET good = $2, known = $3 WHERE id = $1

-- done: With how many rows it has dealt.
UPDATE ticket_imports SET done = $2 WHERE id = $1

-- taken: All rows are dealt with.
UPDATE ticket_imports SET state = 'taken', done = good, good = good - $2, wrong = $3, named = $4::jsonb, place = NULL,
    taken = clock_timestamp()
WHERE id = $1 AND state = 'taking'

-- overdue: What is due and no job deals with.
SELECT id FROM ticket_imports
WHERE state IN ('checking', 'taking') AND due <= statement_timestamp() AND tries < $1 ORDER BY id LIMIT $2

-- kept: Whose bytes are kept though nobody has wanted them for so many seconds.
SELECT id, place FROM ticket_imports
WHERE place IS NOT NULL AND requested < statement_timestamp() - make_interval(secs => $1) ORDER BY id LIMIT $2

-- forget: Its bytes are gone.
UPDATE ticket_imports SET place = NULL, state = CASE WHEN state = 'checking' THEN 'unread' ELSE state END,
    unread = CASE WHEN state = 'checking' THEN ARRAY['gone', ''] END
WHERE id = $1
