-- Questionnaires as operators publish them; every version is kept, because a survey is answered in the one it was asked in.
CREATE TABLE questionnaires (
    version         integer PRIMARY KEY,
    text            text NOT NULL,                  -- TOML as `router.questionnaire.table.parse` reads it
    published       timestamptz NOT NULL DEFAULT clock_timestamp()
);
INSERT INTO publications (subject) VALUES ('questionnaire');

ALTER TABLE surveys
    ADD COLUMN questionnaire integer,               -- the version in which it was asked; NULL: before there were any
    ADD COLUMN solved boolean,                      -- whether the matter is settled, as the customer says
    ADD COLUMN reasons text[] NOT NULL DEFAULT '{}',    -- ids of the reasons that were chosen for the score
    ADD COLUMN nps smallint CHECK (nps BETWEEN 0 AND 10);

CREATE OR REPLACE VIEW survey_outcomes AS
    SELECT s.id, s.asked, s.scored, s.score, s.comment, s.contact_id, v.id AS conversation_id,
           coalesce(v.wrapup, '') AS business, c.channel, c.name,
           coalesce(s.agent_id::text, '') AS agent, coalesce(a.name, '') AS agent_name, a.unit_id,
           b.called, b.revisited, b.won_back, s.solved, s.reasons, s.nps
    FROM surveys s
    JOIN contacts c ON c.id = s.contact_id
    LEFT JOIN conversations v ON v.id = s.conversation_id
    LEFT JOIN agents a ON a.id = s.agent_id
    LEFT JOIN callbacks b ON b.survey_id = s.id
    WHERE s.asked IS NOT NULL AND (s.undelivered IS NULL OR s.scored IS NOT NULL);
