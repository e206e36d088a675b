-- Editions of the standard and of its packs: what began under one keeps it, unless it was decided otherwise.
ALTER TABLE standards ADD COLUMN pack text NOT NULL DEFAULT '';        -- '' for the house's own standard
ALTER TABLE standards ADD COLUMN rebased timestamptz;                  -- when it was decided that open records follow
ALTER TABLE standards ADD COLUMN published_by text NOT NULL DEFAULT '';
ALTER TABLE deadlines ADD COLUMN edition integer NOT NULL DEFAULT 0;   -- of table standards; 0 for the shipped one

-- Records of the kinds that packs declare: marks and facts as the pack names them.
CREATE TABLE cases (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    contact_id      bigint NOT NULL REFERENCES contacts,
    kind            text NOT NULL,
    title           text NOT NULL,
    facts           jsonb NOT NULL DEFAULT '{}',
    marks           jsonb NOT NULL,                 -- by name, RFC 3339
    owner           integer REFERENCES agents,
    opened          timestamptz NOT NULL,
    closed          timestamptz                     -- when its last mark was reached
);
CREATE INDEX cases_open ON cases (opened) WHERE closed IS NULL;
