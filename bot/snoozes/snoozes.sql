-- end: Whatever sets this conversation aside ends; only its owner asks for it.
UPDATE snoozes SET ended = clock_timestamp(), why = 'agent' WHERE conversation_id = $1 AND agent_id = $2 AND ended IS NULL
RETURNING id

-- begin: An owner sets a conversation aside; nothing where it is theirs no more.
INSERT INTO snoozes (conversation_id, agent_id, until, note)
SELECT id, $2, $3, $4 FROM conversations WHERE id = $1 AND assignee = $2 AND status = 'assigned'
ON CONFLICT (conversation_id) WHERE ended IS NULL DO NOTHING
RETURNING id

-- over: End what has come to its end, and tell the owners: the time has come, or a limit of a person's answer is near ($1).
-- Of the customer's words they hear anyway, and whoever has the conversation no more need not be told.
WITH standing AS (
    SELECT z.id, v.contact_id,
           CASE WHEN v.status <> 'assigned' OR v.assignee IS DISTINCT FROM z.agent_id THEN 'left'
                WHEN v.spoke > z.since THEN 'customer'
                WHEN z.until <= statement_timestamp() THEN 'time'
                WHEN EXISTS (SELECT FROM deadlines d
                             WHERE d.subject = 'conversation' AND d.subject_id = v.id AND d.clause LIKE 'enquiry.%'
                               AND d.met IS NULL AND d.voided IS NULL AND d.due <= statement_timestamp() + $1::interval) THEN 'deadline'
           END AS why
    FROM snoozes z JOIN conversations v ON v.id = z.conversation_id
    WHERE z.ended IS NULL
), ended AS (
    UPDATE snoozes z SET ended = clock_timestamp(), why = s.why
    FROM standing s WHERE z.id = s.id AND s.why IS NOT NULL AND z.ended IS NULL
    RETURNING z.conversation_id, z.agent_id, z.note, s.contact_id, s.why
), told AS (
    INSERT INTO alerts (audience, agent_id, kind, conversation_id, contact_id, about, raised)
    SELECT 'agent', agent_id, 'snoozed.' || why, conversation_id, contact_id, note, clock_timestamp() FROM ended
    WHERE why IN ('time', 'deadline')
)
SELECT agent_id FROM ended
