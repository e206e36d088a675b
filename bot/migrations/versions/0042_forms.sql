-- Guided business as operators publish it; every version is kept, because a form under way ends in the one it began in.
CREATE TABLE forms (
    id              text NOT NULL,
    version         integer NOT NULL,
    text            text NOT NULL,                  -- TOML as `router.forms.table.parse` reads it
    published       timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (id, version)
);
INSERT INTO publications (subject) VALUES ('forms');
