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

-- Requests that the operator's own interface is called with, as an alternative to people.
ALTER TABLE business_requests ADD COLUMN call text NOT NULL DEFAULT '';      -- the interface's name; '' for people
ALTER TABLE business_requests ADD COLUMN call_due timestamptz;               -- NULL: not, or no longer, the interface's
ALTER TABLE business_requests ADD COLUMN call_attempts integer NOT NULL DEFAULT 0;
ALTER TABLE business_requests ADD COLUMN call_error text NOT NULL DEFAULT '';
CREATE INDEX business_requests_due ON business_requests (call_due) WHERE call_due IS NOT NULL;
ALTER TABLE business_steps ALTER COLUMN agent_id DROP NOT NULL;              -- NULL: the operator's interface
