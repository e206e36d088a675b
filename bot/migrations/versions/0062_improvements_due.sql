-- When a task is due stands in the ledger of deadlines (clause complaint.warning), as for all else that is waited for.
ALTER TABLE improvements DROP COLUMN due;
CREATE INDEX improvements_open ON improvements (id) WHERE closed IS NULL;

CREATE OR REPLACE VIEW deadline_owners AS
    SELECT 'conversation' AS subject, id AS subject_id, assignee AS owner FROM conversations WHERE assignee IS NOT NULL
    UNION ALL SELECT 'question', id, coalesce(answered_by, owner) FROM questions WHERE owner IS NOT NULL OR answered_by IS NOT NULL
    UNION ALL SELECT 'survey', id, agent_id FROM surveys
    UNION ALL SELECT 'call', id, agent_id FROM calls WHERE agent_id IS NOT NULL
    UNION ALL SELECT 'callback', b.id, coalesce(b.owner, s.agent_id) FROM callbacks b JOIN surveys s ON s.id = b.survey_id
    UNION ALL SELECT kind, id, owner FROM cases WHERE owner IS NOT NULL
    UNION ALL SELECT 'ticket', id, coalesce(owner, handler) FROM tickets WHERE coalesce(owner, handler) IS NOT NULL
    UNION ALL SELECT 'complaint', id, coalesce(owner, handler) FROM tickets
              WHERE kind = 'complaint' AND coalesce(owner, handler) IS NOT NULL
    UNION ALL SELECT 'improvement', id, owner FROM improvements WHERE owner IS NOT NULL;
