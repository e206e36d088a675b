-- Until when a skill counts that somebody has a certificate for; a skill without a row here never expires.
CREATE TABLE certificates (
    agent_id        integer NOT NULL REFERENCES agents ON DELETE CASCADE,
    skill           text NOT NULL,
    expires         timestamptz NOT NULL,           -- the first moment at which it counts no longer
    PRIMARY KEY (agent_id, skill)
);

-- The skills that count now: no certificate in force, no chat of that skill.
CREATE VIEW certified AS
SELECT a.id AS agent_id,
       ARRAY(SELECT u.skill FROM unnest(a.skills) WITH ORDINALITY AS u(skill, n)
             WHERE NOT EXISTS (SELECT FROM certificates c
                               WHERE c.agent_id = a.id AND c.skill = u.skill AND c.expires <= clock_timestamp())
             ORDER BY u.n) AS skills
FROM agents a;
