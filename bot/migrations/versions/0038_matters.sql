-- Questions have owners, and a complex enquiry waits for a plan; alerts remember who took note of them.
ALTER TABLE questions ADD COLUMN owner integer REFERENCES agents;
ALTER TABLE questions ADD COLUMN proposed timestamptz;                 -- when its answer was offered to the knowledge base
ALTER TABLE questions DROP CONSTRAINT questions_kind_check;
ALTER TABLE questions ADD CONSTRAINT questions_kind_check CHECK (kind IN ('gap', 'follow_up', 'overnight', 'plan'));
ALTER TABLE alerts ADD COLUMN seen_by integer REFERENCES agents;
ALTER TABLE alerts DROP CONSTRAINT alerts_audience_check;
ALTER TABLE alerts ADD CONSTRAINT alerts_audience_check CHECK (audience IN ('agent', 'leader', 'manager'));

-- Alerts that the operator's own system is told of by signed calls.
CREATE TABLE alert_calls (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind            text NOT NULL,
    subject         text NOT NULL,
    subject_id      bigint NOT NULL,
    contact_id      bigint NOT NULL,
    raised          timestamptz NOT NULL,
    due             timestamptz NOT NULL,           -- the next try, not before this
    tries           integer NOT NULL DEFAULT 0,
    told            timestamptz,
    given_up        timestamptz,
    error           text NOT NULL DEFAULT ''
);
CREATE INDEX alert_calls_waiting ON alert_calls (due) WHERE told IS NULL AND given_up IS NULL;

-- When somebody was called back about a low score, and what came of it.
CREATE TABLE callbacks (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    survey_id       bigint NOT NULL UNIQUE,
    contact_id      bigint NOT NULL REFERENCES contacts,
    conversation_id bigint NOT NULL,
    score           integer NOT NULL,
    opened          timestamptz NOT NULL,
    owner           integer REFERENCES agents,      -- the leader who has taken it
    called          timestamptz,
    called_by       integer REFERENCES agents,
    cause           text NOT NULL DEFAULT '',
    plan            text NOT NULL DEFAULT '',
    departments     text NOT NULL DEFAULT '',
    revisited       timestamptz,
    revisited_by    integer REFERENCES agents,
    won_back        boolean,
    remark          text NOT NULL DEFAULT ''
);
CREATE INDEX callbacks_open ON callbacks (opened) WHERE revisited IS NULL;

ALTER TABLE surveys ADD COLUMN skip_reason text NOT NULL DEFAULT '';   -- why it was never asked

-- Whose a record is that a deadline is about.
CREATE VIEW deadline_owners AS
    SELECT 'conversation' AS subject, id AS subject_id, assignee AS owner FROM conversations WHERE assignee IS NOT NULL
    UNION ALL SELECT 'question', id, coalesce(answered_by, owner) FROM questions WHERE owner IS NOT NULL OR answered_by IS NOT NULL
    UNION ALL SELECT 'survey', id, agent_id FROM surveys
    UNION ALL SELECT 'call', id, agent_id FROM calls WHERE agent_id IS NOT NULL
    UNION ALL SELECT 'callback', b.id, coalesce(b.owner, s.agent_id) FROM callbacks b JOIN surveys s ON s.id = b.survey_id
    UNION ALL SELECT kind, id, owner FROM cases WHERE owner IS NOT NULL
    UNION ALL SELECT 'ticket', id, coalesce(owner, handler) FROM tickets WHERE coalesce(owner, handler) IS NOT NULL
    UNION ALL SELECT 'complaint', id, coalesce(owner, handler) FROM tickets
              WHERE kind = 'complaint' AND coalesce(owner, handler) IS NOT NULL;

CREATE INDEX deadlines_met ON deadlines USING brin (met);
