-- Guided business as operators publish it; every version is kept, because a form under way ends in the one it began in.
CREATE TABLE forms (
    id              text NOT NULL,
    version         integer NOT NULL,
    text            text NOT NULL,                  -- TOML as `router.forms.table.parse` reads it
    published       timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (id, version)
);
INSERT INTO publications (subject) VALUES ('forms');

-- Masked challenges: the end of an identity number as a keyed hash, and who has tried how often.
ALTER TABLE crm_records ADD COLUMN id_tail bytea;
CREATE TABLE challenge_tries (
    customer_id     bigint NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    contact_id      bigint NOT NULL,
    at              timestamptz NOT NULL,
    correct         boolean NOT NULL
);
CREATE INDEX challenge_tries_of ON challenge_tries (customer_id, at);
