-- find: A call by the telephone system's id of it.
SELECT id, conversation_id, ref, began, offered, picked_up, served, login, extension, abandoned, hung_up, ended_by,
       seconds, voicemail, files, scored, score, stars, given_up
FROM calls WHERE contact_id = $1 AND ref = $2

-- by_id: A call of a contact by its own id.
SELECT id, conversation_id, ref, began, offered, picked_up, served, login, extension, abandoned, hung_up, ended_by,
       seconds, voicemail, files, scored, score, stars, given_up
FROM calls WHERE contact_id = $1 AND id = $2

-- agent: Who at the desk has this log-in or, where none is told, this extension.
SELECT id, name FROM agents WHERE NOT disabled AND (login = lower($1) OR ($1 = '' AND extension = $2)) LIMIT 1

-- add: A call that is heard of for the first time.
INSERT INTO calls (contact_id, conversation_id, ref, began, in_service) VALUES ($1, $2, $3, $4, false) RETURNING id

-- save: A call as it now stands.
UPDATE calls
SET began = $2, offered = $3, picked_up = $4, served = $5, login = $6, extension = $7, agent_id = $8, abandoned = $9,
    hung_up = $10, ended_by = $11, seconds = $12, voicemail = $13, files = $14, scored = $15, score = $16,
    stars = $17, given_up = $18, in_service = $19
WHERE id = $1

-- save_conversation: The conversation of a call, as the call now stands.
INSERT INTO conversations (id, contact_id, call_id, status, version, queue, priority, assignee, reoffer, misses, opened,
    queued, assigned, answered, closed, wrapup, first_seq)
VALUES ($1, $2, $3, $4, 1, $5, 0, $6, false, 0, $7, $8, $9, $9, $10, $11, $12)
ON CONFLICT (id) DO UPDATE
SET status = excluded.status, version = conversations.version + 1, assignee = excluded.assignee,
    opened = excluded.opened, queued = excluded.queued, assigned = excluded.assigned, answered = excluded.answered,
    closed = excluded.closed, wrapup = excluded.wrapup

-- lines: All deadlines that a call has or had.
SELECT id, subject, subject_id, clause, opened, due, steps, step, next_at, generation, warned, breached, met, voided, edition
FROM deadlines WHERE subject = 'call' AND subject_id = $1

-- save_score: The score of a call, once, for whoever served it.
INSERT INTO surveys (contact_id, conversation_id, agent_id, ended, asked, scored, stars, score)
VALUES ($1, $2, $3, $4, $5, $5, $6, $7)
ON CONFLICT (conversation_id) DO UPDATE
SET agent_id = excluded.agent_id, ended = excluded.ended, asked = excluded.asked, scored = excluded.scored,
    stars = excluded.stars, score = excluded.score
RETURNING id, xmax = 0 AS added

-- add_question: A message on the machine is a question that somebody answers.
INSERT INTO questions (contact_id, conversation_id, kind, text, asked) VALUES ($1, $2, $3, $4, $5) RETURNING id
