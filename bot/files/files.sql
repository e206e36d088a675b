-- unsent: How many files an author has uploaded for a contact and not sent yet.
SELECT count(*) FROM files
WHERE channel = $1 AND account = $2 AND address = $3 AND seq IS NULL AND agent IS NOT DISTINCT FROM $4

-- add: An uploaded file has passed the screen and is kept.
INSERT INTO files (id, state, channel, account, address, agent, name, type, size, width, height, place, ended)
VALUES ($1, 'stored', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, clock_timestamp())

-- find_unsent: A file that its author has uploaded for a contact and not sent yet.
SELECT id, name, type, size FROM files
WHERE id = $1 AND channel = $2 AND account = $3 AND address = $4 AND agent IS NOT DISTINCT FROM $5
  AND seq IS NULL AND state = 'stored'

-- unsent_of: What an author has uploaded for a contact and not sent yet, in that order.
SELECT id, name, type, size FROM files
WHERE channel = $1 AND account = $2 AND address = $3 AND agent IS NOT DISTINCT FROM $4 AND seq IS NULL AND state = 'stored'
ORDER BY created, id

-- withdraw: An author takes back an upload that was not sent.
DELETE FROM files
WHERE id = $1 AND channel = $2 AND account = $3 AND address = $4 AND agent IS NOT DISTINCT FROM $5 AND seq IS NULL
RETURNING place

-- find: What is known of a file.
SELECT id, state, channel, account, address, agent, contact_id, seq, name, type, size, place
FROM files WHERE id = $1

-- claim: Take a file that is due, for as long as one try may last; nobody else tries meanwhile.
UPDATE files SET tries = tries + 1, due = clock_timestamp() + make_interval(secs => $2)
WHERE id = $1 AND state = 'wanted' AND due <= statement_timestamp()
RETURNING id, channel, account, contact_id, ref, name, type, size, tries,
    created < statement_timestamp() - make_interval(secs => $3) AS old

-- fill: The bytes of a wanted file are here and kept.
UPDATE files SET state = 'stored', name = $2, type = $3, size = $4, width = $5, height = $6, place = $7, due = NULL,
    error = NULL, ended = clock_timestamp()
WHERE id = $1 AND state = 'wanted'
RETURNING id

-- give_up: A wanted file will never be kept: it is refused by us, or gone from the platform.
UPDATE files SET state = $2, error = $3, due = NULL, ended = clock_timestamp() WHERE id = $1 AND state = 'wanted'

-- put_off: A try has failed; there will be another.
UPDATE files SET error = $2, due = clock_timestamp() + make_interval(secs => $3) WHERE id = $1 AND state = 'wanted'

-- overdue: Files that are due and that no job has dealt with.
SELECT id FROM files
WHERE state = 'wanted' AND due < statement_timestamp() - make_interval(secs => $1)
ORDER BY due
LIMIT $2

-- forsaken: Files that were uploaded a while ago and never sent.
SELECT id, place FROM files
WHERE seq IS NULL AND created < statement_timestamp() - make_interval(secs => $1)
LIMIT $2

-- forget: Remove the row of a file that was never sent.
DELETE FROM files WHERE id = $1 AND seq IS NULL RETURNING id
