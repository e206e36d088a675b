-- find_contacts: Look up the ids of addresses.
SELECT c.id, a.position
FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS a (channel, account, address, position)
JOIN contacts c USING (channel, account, address)

-- add_contacts: Take in addresses that have never written before.
INSERT INTO contacts (channel, account, address, name, language)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
ON CONFLICT (channel, account, address) DO NOTHING

-- choose_languages: Keep the languages that contacts have changed to.
UPDATE contacts c SET language = t.language
FROM unnest($1::bigint[], $2::text[]) AS t (id, language)
WHERE c.id = t.id

-- keep_forms: Keep the forms that contacts are filling in; few turns have one.
UPDATE contacts c SET form = t.form::jsonb
FROM unnest($1::bigint[], $2::text[]) AS t (id, form)
WHERE c.id = t.id

-- lock_contacts: Lock the contacts of a batch in one order, leaving out those that another flush holds; then the time, and who wrote.
WITH held AS MATERIALIZED (
    SELECT id, xmin AS version FROM contacts WHERE id = ANY($1::bigint[]) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
)
SELECT array_agg(id) AS ids, array_agg(version) AS versions, clock_timestamp() AS now, pg_current_xact_id()::xid AS writing
FROM held

-- load_contacts: Read the locked contacts with their open conversation and pending survey.
SELECT c.id, c.channel, c.language, c.seq, c.last_event, c.closed, c.last_said, c.options,
       c.flood_since, c.flood_count, c.flood_told, c.budget_left, c.budget_expires, c.survey_id,
       v.id AS v_id, v.status, v.version, v.queue, v.priority, v.assignee, v.reoffer, v.misses, v.opened, v.spoke,
       v.returned, v.queued, v.assigned, v.waiting_since, v.answered, v.reminded, v.told, v.wrapup,
       c.account, c.address, c.customer_id, v.last_used,
       v.offer_to, v.offer_until, v.offer_by, v.offer_hops, v.offer_passed,
       c.form::text, c.region, c.level
FROM contacts c
LEFT JOIN conversations v ON v.id = c.conversation_id
WHERE c.id = ANY($1::bigint[])

-- load_lines: Read the running deadlines of conversations; each is looked up by the whole key, whatever is known of the table.
SELECT d.id, d.subject, d.subject_id, d.clause, d.opened, d.due, d.steps, d.step, d.next_at, d.generation, d.warned,
       d.breached, d.edition
FROM unnest($1::bigint[]) AS v (id)
CROSS JOIN LATERAL (
    SELECT * FROM deadlines
    WHERE subject = 'conversation' AND subject_id = v.id AND met IS NULL AND voided IS NULL
    OFFSET 0
) AS d

-- load_lines_of: Read the running deadlines of one subject.
SELECT id, subject, subject_id, clause, opened, due, steps, step, next_at, generation, warned, breached, edition
FROM deadlines
WHERE subject = $1 AND subject_id = $2 AND met IS NULL AND voided IS NULL

-- load_surveys: Read surveys that wait for a score or a comment.
SELECT s.id, s.contact_id, a.name AS agent, s.asked, s.scored, s.questionnaire
FROM surveys s JOIN agents a ON a.id = s.agent_id
WHERE s.id = ANY($1::bigint[])

-- find_taken: Which of these events have been taken in before, and what was answered.
SELECT i.contact_id, i.source_id, i.seq, i.reply_from, i.reply_to, i.outbox_id, i.refused
FROM unnest($1::bigint[], $2::text[]) AS t (contact_id, source_id)
JOIN intake i USING (contact_id, source_id)

-- load_replies: The stored messages of an earlier turn, word for word.
SELECT contact_id, seq, sender, kind, text, choices, sent_at
FROM messages
WHERE contact_id = $1 AND (seq = $2 OR seq BETWEEN $3 AND $4) AND sender <> 'note'
ORDER BY seq

-- save_usual: Write turns of the usual kind: a question answered with one message by the bot, and little else changed.
-- Times come as seconds since 1970, which cost the client an eighth; a double holds a microsecond until 2106. Rows come
-- as rows: in an array for each column, the client looks at every value whether it is an array again.
WITH exchanges AS MATERIALIZED (
    SELECT contact_id, source_id, seq, conversation_id, question, answer, choices, to_timestamp(seconds) AS at, outbox_id,
        misses, last_said, options, flood_since, flood_count, budget_expires
    FROM unnest($1::kept_turn[])
), new_messages AS (
    INSERT INTO messages (contact_id, seq, conversation_id, sender, text, choices, sent_at)
    SELECT contact_id, seq, conversation_id, 'contact', question, NULL, at FROM exchanges
    UNION ALL
    SELECT contact_id, seq + 1, conversation_id, 'bot', answer, choices::jsonb, at FROM exchanges
), new_intake AS (
    INSERT INTO intake (contact_id, source_id, seq, reply_from, reply_to, outbox_id, taken)
    SELECT contact_id, source_id, seq, seq + 1, seq + 1, outbox_id, at FROM exchanges
), new_outbox AS (
    INSERT INTO outbox (id, contact_id, from_seq, to_seq, kind, state, created, due)
    SELECT outbox_id, contact_id, seq + 1, seq + 1, 'bot', 'offered', at, at + interval '15 seconds'
    FROM exchanges WHERE outbox_id IS NOT NULL
), spoken AS (
    UPDATE conversations v SET spoke = n.spoke, misses = n.misses
    FROM (
        SELECT conversation_id AS id, at AS spoke, misses FROM exchanges WHERE misses IS NOT NULL
        UNION ALL
        SELECT id, to_timestamp(spoke), misses FROM unnest($2::kept_words[])
    ) n
    WHERE v.id = n.id
), fulfilled AS (
    -- Written so that the key is used: the index of waiting rows is full of those that have just been sent.
    -- An offer that has come into doubt meanwhile is in doubt no longer.
    UPDATE outbox SET state = 'sent', error = NULL, ended = clock_timestamp()
    WHERE id = ANY($4::bigint[]) AND attempts = 0 AND state || '' IN ('offered', 'in_doubt')
), moved AS (
    UPDATE deadlines d
    SET generation = n.generation, opened = to_timestamp(n.opened), due = to_timestamp(n.due),
        steps = ARRAY[to_timestamp(n.due)], step = 0, next_at = to_timestamp(n.due), warned = NULL, breached = NULL,
        edition = n.edition
    FROM unnest($5::kept_move[]) AS n
    WHERE d.id = n.id
)
UPDATE contacts c
SET seq = n.seq, last_event = n.last_event, last_said = n.last_said, options = n.options,
    flood_since = to_timestamp(n.flood_since), flood_count = n.flood_count,
    budget_expires = to_timestamp(n.budget_expires)
FROM (
    SELECT contact_id AS id, seq + 1 AS seq, at AS last_event, last_said, options, flood_since, flood_count,
        budget_expires
    FROM exchanges WHERE misses IS NOT NULL
    UNION ALL
    SELECT id, seq, to_timestamp(last_event), last_said, options, flood_since, flood_count, budget_expires
    FROM unnest($3::kept_talk[])
) n
WHERE c.id = n.id

-- save: Write whatever else a batch of turns changed; rows and times come as in save_usual.
WITH new_conversations AS (
    INSERT INTO conversations (id, contact_id, status, version, queue, priority, assignee, reoffer, misses, opened,
        spoke, returned, queued, assigned, waiting_since, answered, reminded, told, closed, wrapup, first_seq)
    SELECT id, contact_id, status, version, queue, priority, assignee, reoffer, misses, to_timestamp(opened),
        to_timestamp(spoke), to_timestamp(returned), to_timestamp(queued), to_timestamp(assigned),
        to_timestamp(waiting_since), to_timestamp(answered), to_timestamp(reminded), to_timestamp(told),
        to_timestamp(closed), wrapup, first_seq
    FROM unnest($1::kept_beginning[])
), old_conversations AS (
    UPDATE conversations v
    SET status = n.status, version = n.version, queue = n.queue, priority = n.priority, assignee = n.assignee,
        reoffer = n.reoffer, misses = n.misses, spoke = to_timestamp(n.spoke), returned = to_timestamp(n.returned),
        queued = to_timestamp(n.queued), assigned = to_timestamp(n.assigned),
        waiting_since = to_timestamp(n.waiting_since), answered = to_timestamp(n.answered),
        reminded = to_timestamp(n.reminded), told = to_timestamp(n.told), closed = to_timestamp(n.closed),
        wrapup = n.wrapup
    FROM unnest($2::kept_course[]) AS n
    WHERE v.id = n.id
), changed_contacts AS (
    UPDATE contacts c
    SET seq = n.seq, last_event = to_timestamp(n.last_event), conversation_id = n.conversation_id,
        closed = to_timestamp(n.closed), last_said = n.last_said, options = n.options, survey_id = n.survey_id,
        flood_since = to_timestamp(n.flood_since), flood_count = n.flood_count, flood_told = n.flood_told,
        budget_left = n.budget_left, budget_expires = to_timestamp(n.budget_expires)
    FROM unnest($3::kept_contact[]) AS n
    WHERE c.id = n.id
), new_messages AS (
    INSERT INTO messages (contact_id, seq, conversation_id, sender, agent, kind, text, choices, sent_at)
    SELECT contact_id, seq, conversation_id, sender, agent, kind, text, choices::jsonb, to_timestamp(sent_at)
    FROM unnest($4::kept_message[])
), new_intake AS (
    INSERT INTO intake (contact_id, source_id, seq, reply_from, reply_to, outbox_id, refused, taken)
    SELECT contact_id, source_id, seq, reply_from, reply_to, outbox_id, refused, to_timestamp(taken)
    FROM unnest($5::kept_intake[])
)
INSERT INTO outbox (id, contact_id, from_seq, to_seq, kind, state, created, due, error)
SELECT id, contact_id, from_seq, to_seq, kind, state, to_timestamp(created), to_timestamp(due), error
FROM unnest($6::kept_letter[])

-- add_lines: Write new deadlines.
INSERT INTO deadlines (id, contact_id, subject, subject_id, clause, generation, opened, due, steps, step, next_at,
    warned, breached, met, voided, edition)
SELECT id, contact_id, subject, subject_id, clause, generation, opened, due,
    string_to_array(steps, ',')::timestamptz[], step, next_at, warned, breached, met, voided, edition
FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::text[], $6::int[], $7::timestamptz[],
    $8::timestamptz[], $9::text[], $10::int[], $11::timestamptz[], $12::timestamptz[], $13::timestamptz[],
    $14::timestamptz[], $15::timestamptz[], $16::int[])
    AS n (id, contact_id, subject, subject_id, clause, generation, opened, due, steps, step, next_at, warned,
        breached, met, voided, edition)

-- step_lines: Write deadlines that fired and run on.
UPDATE deadlines d
SET step = n.step, next_at = to_timestamp(n.next_at), warned = to_timestamp(n.warned), breached = to_timestamp(n.breached)
FROM unnest($1::kept_step[]) AS n
WHERE d.id = n.id

-- change_lines: Write deadlines that moved or ended.
UPDATE deadlines d
SET generation = n.generation, opened = n.opened, due = n.due,
    steps = string_to_array(n.steps, ',')::timestamptz[], step = n.step, next_at = n.next_at, warned = n.warned,
    breached = n.breached, met = n.met, voided = n.voided, edition = n.edition
FROM unnest($1::bigint[], $2::int[], $3::timestamptz[], $4::timestamptz[], $5::text[], $6::int[],
    $7::timestamptz[], $8::timestamptz[], $9::timestamptz[], $10::timestamptz[], $11::timestamptz[], $12::int[])
    AS n (id, generation, opened, due, steps, step, next_at, warned, breached, met, voided, edition)
WHERE d.id = n.id

-- load_fired: Read deadlines beside those of chats that clocks claim, if the ledger still agrees and they are due.
-- The time is one that no index can be asked for: each is looked up by its key, whatever is known of the table.
SELECT d.id, d.contact_id, d.subject, d.subject_id, d.clause, d.opened, d.due, d.steps, d.step, d.next_at,
       d.generation, d.warned, d.breached, d.edition
FROM unnest($1::bigint[], $2::int[], $3::int[]) AS f (id, generation, step)
JOIN deadlines d ON d.id = f.id AND d.generation = f.generation AND d.step = f.step
WHERE d.met IS NULL AND d.voided IS NULL AND d.next_at <= clock_timestamp()
FOR UPDATE OF d

-- ahead_in_queue: How many waiting conversations stand before this one.
SELECT count(*) FROM conversations
WHERE status = 'queued' AND queue = $1 AND id <> ALL($2::bigint[])
  AND (queued - priority * interval '60 seconds', id) < ($3, $4::bigint)

-- hold_delivery: The outbox row of a delivery's outcome, if that try still holds it.
UPDATE outbox
SET state = $3, provider_id = $4, error = $5, lease = NULL, unsure = unsure OR $7,
    due = CASE WHEN $3 = 'queued' THEN clock_timestamp() + make_interval(secs => $6) ELSE due END,
    ended = CASE WHEN $3 IN ('queued', 'offered') THEN NULL ELSE clock_timestamp() END
WHERE id = $1 AND attempts = $2
  AND (state IN ('offered', 'sending') OR (state = 'in_doubt' AND $3 <> 'in_doubt'))
RETURNING kind, ticket_id, EXISTS (SELECT FROM outbox_acts WHERE outbox_id = outbox.id AND act = 'retry') AS again

-- offer_again: A retry has come for this offer: whatever kept a body from carrying it before, one may be written now.
UPDATE outbox SET error = NULL WHERE id = $1 AND state = 'offered' AND error IS NOT NULL

-- bounce: What the platform had taken did not arrive after all.
UPDATE outbox SET state = 'failed', error = $4, lease = NULL, ended = clock_timestamp()
WHERE id = $1 AND floor(extract(epoch FROM created)) = $2 AND renamed = $3 AND contact_id = $5
  AND state IN ('queued', 'sending', 'sent', 'in_doubt')
RETURNING kind

-- hold_offer: An offered reply that no HTTP body has carried yet.
SELECT id FROM outbox WHERE id = $1 AND state = 'offered' FOR UPDATE

-- offer: To whom conversations are offered now, or what became of the last offer; who has passed it comes as text.
UPDATE conversations v
SET offer_to = n.offered, offer_until = n.until, offer_by = n.by, offer_hops = n.hops,
    offer_passed = string_to_array(n.passed, ',')::int[]
FROM unnest($1::bigint[], $2::int[], $3::timestamptz[], $4::int[], $5::int[], $6::text[])
    AS n (id, offered, until, by, hops, passed)
WHERE v.id = n.id

-- add_transfer: An agent passes a conversation on.
INSERT INTO transfers (conversation_id, agent, to_agent, queue, note, asked) VALUES ($1, $2, $3, $4, $5, $6)

-- add_take_over: A conversation is taken from a colleague by hand.
INSERT INTO take_overs (conversation_id, agent, from_agent, taken) VALUES ($1, $2, $3, $4)

-- add_whispers: Notes for one colleague alone, and for those who lead.
INSERT INTO whispers (contact_id, seq, to_agent) SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::int[])

-- invite: A colleague helps with a conversation; who does already may from now on what is said now.
INSERT INTO invitations (conversation_id, agent_id, invited_by, answers, invited) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (conversation_id, agent_id) WHERE ended IS NULL
DO UPDATE SET invited_by = excluded.invited_by, answers = excluded.answers

-- excuse: A colleague helps no longer.
UPDATE invitations SET ended = $3 WHERE conversation_id = $1 AND agent_id = $2 AND ended IS NULL

-- add_question: Write a question down; a chat that waits for a plan already waits for one only.
INSERT INTO questions (contact_id, conversation_id, kind, text, asked, owner)
SELECT $1, $2, $3::text, $4, $5, $6
WHERE $3 <> 'plan' OR NOT EXISTS (
    SELECT FROM questions WHERE contact_id = $1 AND conversation_id = $2 AND kind = 'plan' AND answered IS NULL)
RETURNING id

-- give_question: An open question is somebody's, if it still was whose it was seen to be.
UPDATE questions SET owner = $3
WHERE id = $1 AND contact_id = $2 AND answered IS NULL AND owner IS NOT DISTINCT FROM $4
RETURNING id

-- want_answer: The customer wants an answer to the question missed last in this conversation.
UPDATE questions SET kind = $2, asked = $3
WHERE id = (SELECT id FROM questions
            WHERE contact_id = $1 AND conversation_id IS NOT DISTINCT FROM $4 AND kind = 'gap' AND answered IS NULL
            ORDER BY id DESC LIMIT 1)
RETURNING id

-- last_words: What the customer wrote in this conversation, the latest first.
SELECT text FROM messages
WHERE conversation_id = $1 AND sender = 'contact' AND text <> '' ORDER BY seq DESC LIMIT 3

-- settle_question: An open question has been answered.
UPDATE questions SET answered = $3, answered_by = $4, answer = $5
WHERE id = $1 AND contact_id = $2 AND answered IS NULL
RETURNING kind, asked

-- schedule_survey: A service has ended; the survey about an earlier one that was not asked yet gives way.
WITH earlier AS (
    UPDATE surveys SET skipped = $4
    WHERE contact_id = $1 AND conversation_id <> $2 AND asked IS NULL AND skipped IS NULL
    RETURNING id
), added AS (
    INSERT INTO surveys (contact_id, conversation_id, agent_id, ended, skipped, skip_reason)
    VALUES ($1, $2, $3, $4, CASE WHEN $5::text <> '' THEN $4 END, $5)
    ON CONFLICT (conversation_id) DO UPDATE
    SET agent_id = excluded.agent_id, ended = excluded.ended, skipped = excluded.skipped,
        skip_reason = excluded.skip_reason, requested = NULL, deferred = NULL
    WHERE surveys.asked IS NULL
    RETURNING id
)
SELECT (SELECT id FROM added) AS id, ARRAY(SELECT id FROM earlier) AS skipped,
       (SELECT name FROM agents WHERE agents.id = $3) AS agent

-- mark_survey_asked: The survey's question stands in the thread, by one version of the questionnaire.
UPDATE surveys SET asked = $3, questionnaire = $4, deferred = NULL
WHERE id = $1 AND contact_id = $2 AND asked IS NULL RETURNING ended

-- request_survey: The survey is given to the job that sends it, or passed over where its contact was asked since then.
WITH lately AS (
    SELECT EXISTS (SELECT FROM surveys WHERE contact_id = $2 AND id <> $1 AND asked > $4) AS asked
)
UPDATE surveys s
SET requested = CASE WHEN l.asked THEN s.requested ELSE $3 END, deferred = NULL,
    skipped = CASE WHEN l.asked THEN $3 ELSE s.skipped END, skip_reason = CASE WHEN l.asked THEN 'apart' ELSE '' END
FROM lately l
WHERE s.id = $1 AND s.contact_id = $2 AND s.asked IS NULL AND s.skipped IS NULL
RETURNING s.ended, s.skipped IS NULL AS requested

-- asked_lately: Whether a contact was asked since then.
SELECT EXISTS (SELECT FROM surveys WHERE contact_id = $1 AND asked > $2)

-- defer_survey: The contact is in a chat.
UPDATE surveys SET deferred = $3 WHERE id = $1 AND contact_id = $2 AND asked IS NULL RETURNING id

-- release_surveys: The chat is over without a service of its own: these may be asked now.
SELECT id FROM surveys WHERE contact_id = $1 AND deferred IS NOT NULL AND asked IS NULL AND skipped IS NULL ORDER BY id

-- record_score: A score is recorded once.
UPDATE surveys SET scored = $3, stars = $4, score = $5
WHERE id = $1 AND contact_id = $2 AND scored IS NULL
RETURNING id

-- scored: A survey of a contact that has its score.
SELECT stars, questionnaire FROM surveys WHERE id = $1 AND contact_id = $2 AND stars IS NOT NULL

-- record_answers: What else was asked: the first answer stays, and reasons may be several.
UPDATE surveys
SET solved = coalesce(solved, $2), reasons = reasons || ARRAY(SELECT r FROM unnest($3::text[]) r WHERE r <> ALL(reasons)),
    nps = coalesce(nps, $4), questionnaire = coalesce(questionnaire, nullif($5, 0))
WHERE id = $1

-- record_comment: The comment is optional and stands beside the score.
UPDATE surveys SET comment = $3 WHERE id = $1 AND contact_id = $2 AND comment IS NULL

-- only_notices: The budget does not carry these: a notice may go in their place, or nothing.
UPDATE outbox SET notice = true WHERE id = ANY($1::bigint[])

-- go_beside_budget: These go with the voucher of the event that they answer, or end the platform's session.
UPDATE outbox o SET voucher = n.code, voucher_until = n.until, ends = n.code IS NULL
FROM unnest($1::bigint[], $2::text[], $3::timestamptz[]) AS n (id, code, until)
WHERE o.id = n.id

-- tell_of_tickets: These tell of a ticket, or are held back until quiet hours end, or both.
UPDATE outbox o SET ticket_id = n.ticket, due = coalesce(n.until, o.due), held = n.until IS NOT NULL
FROM unnest($1::bigint[], $2::bigint[], $3::timestamptz[]) AS n (id, ticket, until)
WHERE o.id = n.id

-- survey_undelivered: The question did not reach the customer.
UPDATE surveys SET undelivered = $3 WHERE id = $1 AND contact_id = $2 AND scored IS NULL

-- raise_alerts: Put something before people at the desk.
INSERT INTO alerts (audience, agent_id, kind, contact_id, conversation_id, improvement_id, raised)
SELECT audience, agent_id, kind, contact_id, conversation_id, improvement_id, to_timestamp(raised)
FROM unnest($1::kept_alert[])

-- mark_snags: Somebody should look in on these chats; of each kind the latest counts.
INSERT INTO snags (conversation_id, kind, raised)
SELECT conversation_id, kind, max(raised) FROM unnest($1::bigint[], $2::text[], $3::timestamptz[])
    AS n (conversation_id, kind, raised) GROUP BY conversation_id, kind
ON CONFLICT (conversation_id, kind) DO UPDATE SET raised = excluded.raised

-- keep_overridden: Answers that agents sent although something in them was pointed out.
INSERT INTO sent_anyway (contact_id, seq, conversation_id, agent_id, found, reason, at)
SELECT n.contact_id, n.seq, n.conversation_id, n.agent, ARRAY(SELECT jsonb_array_elements_text(n.found::jsonb)), n.reason, n.at
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::int[], $5::text[], $6::text[], $7::timestamptz[])
    AS n (contact_id, seq, conversation_id, agent, found, reason, at)
