-- Headquarters, provinces, cities and teams. A path names a unit below all those above it: / is the headquarters, /3/ a unit
-- right below it, /3/8/ one below that; so whatever begins with a unit's path belongs to it.
CREATE TABLE units (
    id              integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    parent          integer REFERENCES units,       -- empty for the headquarters alone
    level           text NOT NULL CHECK (level IN ('headquarters', 'province', 'city', 'team')),
    name            text NOT NULL,
    path            text NOT NULL UNIQUE,
    UNIQUE (parent, name),
    CHECK ((parent IS NULL) = (level = 'headquarters'))
);
CREATE UNIQUE INDEX units_one_headquarters ON units (level) WHERE parent IS NULL;
INSERT INTO units (level, name, path) VALUES ('headquarters', '总部', '/');

-- The unit that somebody belongs to; who leads sees its chats and those of all units below it.
ALTER TABLE agents ADD COLUMN unit_id integer NOT NULL DEFAULT 1 REFERENCES units;
