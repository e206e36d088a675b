-- What mystery shoppers found, as it is imported each month: at a unit or at an outlet, on the scale of all scores.
CREATE TABLE mystery_visits (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    month           date NOT NULL CHECK (extract(day FROM month) = 1),
    unit_id         integer REFERENCES units ON DELETE SET NULL,
    outlet          text REFERENCES outlets,
    channel         text NOT NULL,
    score           integer NOT NULL CHECK (score BETWEEN 0 AND 100),
    given           text NOT NULL,                  -- the score and its scale as the file says them
    remark          text NOT NULL DEFAULT '',
    imported        timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK (unit_id IS NULL OR outlet IS NULL)
);
CREATE INDEX mystery_visits_of ON mystery_visits (month);

CREATE INDEX surveys_asked ON surveys (asked) WHERE asked IS NOT NULL;

-- The region of each unit: the province and the city that it is or lies in, empty where there is none; and its name among
-- all others, from below the headquarters down.
CREATE VIEW unit_regions AS
    SELECT u.id, u.path, u.name, coalesce(p.path, '') AS province, coalesce(c.path, '') AS city,
           coalesce((SELECT string_agg(a.name, '/' ORDER BY length(a.path)) FROM units a
                     WHERE a.parent IS NOT NULL AND starts_with(u.path, a.path)), u.name) AS full_name
    FROM units u
    LEFT JOIN units p ON p.level = 'province' AND starts_with(u.path, p.path)
    LEFT JOIN units c ON c.level = 'city' AND starts_with(u.path, c.path);

-- What became of each survey that was asked and arrived: about which business, on which channel, whose, and the call-back.
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

-- Visits of mystery shoppers with the place in the tree: an outlet belongs to the city of its name, else to the headquarters.
CREATE VIEW mystery_outcomes AS
    SELECT m.id, m.month, m.channel, m.score, m.given, m.remark, coalesce(o.name, u.full_name, '') AS place,
           coalesce(u.path, t.path, '/') AS path
    FROM mystery_visits m
    LEFT JOIN unit_regions u ON u.id = m.unit_id
    LEFT JOIN outlets o ON o.id = m.outlet
    LEFT JOIN LATERAL (SELECT path FROM units WHERE level = 'city' AND name = o.city ORDER BY id LIMIT 1) t ON true;
