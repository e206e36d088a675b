CREATE OR REPLACE VIEW deadline_owners AS
    SELECT 'conversation' AS subject, id AS subject_id, assignee AS owner FROM conversations WHERE assignee IS NOT NULL
    UNION ALL SELECT 'question', id, coalesce(answered_by, owner) FROM questions WHERE owner IS NOT NULL OR answered_by IS NOT NULL
    UNION ALL SELECT 'survey', id, agent_id FROM surveys
    UNION ALL SELECT 'call', id, agent_id FROM calls WHERE agent_id IS NOT NULL
    UNION ALL SELECT 'callback', b.id, coalesce(b.owner, s.agent_id) FROM callbacks b JOIN surveys s ON s.id = b.survey_id
    UNION ALL SELECT kind, id, owner FROM cases WHERE owner IS NOT NULL
    UNION ALL SELECT 'ticket', id, coalesce(owner, handler) FROM tickets WHERE coalesce(owner, handler) IS NOT NULL
    UNION ALL SELECT 'complaint', id, coalesce(owner, handler) FROM tickets
              WHERE kind = 'complaint' AND coalesce(owner, handler) IS NOT NULL;
DELETE FROM deadlines WHERE subject = 'improvement';
DROP INDEX improvements_open;
ALTER TABLE improvements ADD COLUMN due timestamptz;
UPDATE improvements SET due = opened + interval '7 days';
ALTER TABLE improvements ALTER COLUMN due SET NOT NULL;
CREATE INDEX improvements_open ON improvements (due) WHERE closed IS NULL;
