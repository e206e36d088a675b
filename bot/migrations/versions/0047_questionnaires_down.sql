DROP VIEW survey_outcomes;
CREATE VIEW survey_outcomes AS
    SELECT s.id, s.asked, s.scored, s.score, s.comment, s.contact_id, v.id AS conversation_id,
           coalesce(v.wrapup, '') AS business, c.channel, c.name,
           coalesce(s.agent_id::text, '') AS agent, coalesce(a.name, '') AS agent_name, a.unit_id,
           b.called, b.revisited, b.won_back
    FROM surveys s
    JOIN contacts c ON c.id = s.contact_id
    LEFT JOIN conversations v ON v.id = s.conversation_id
    LEFT JOIN agents a ON a.id = s.agent_id
    LEFT JOIN callbacks b ON b.survey_id = s.id
    WHERE s.asked IS NOT NULL AND (s.undelivered IS NULL OR s.scored IS NOT NULL);
ALTER TABLE surveys DROP COLUMN questionnaire, DROP COLUMN solved, DROP COLUMN reasons, DROP COLUMN nps;
DELETE FROM publications WHERE subject = 'questionnaire';
DROP TABLE questionnaires;
