-- Guided business: the form that a contact is filling in, which knowledge leads to a form, and what was filed.
ALTER TABLE contacts ADD COLUMN form jsonb;
ALTER TABLE knowledge ADD COLUMN form text NOT NULL DEFAULT '';

CREATE TABLE business_requests (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    contact_id      bigint NOT NULL REFERENCES contacts,
    conversation_id bigint,
    form            text NOT NULL,
    version         integer NOT NULL,
    urgent          boolean NOT NULL DEFAULT false,
    answers         jsonb NOT NULL,                 -- [{"step", "value", "at"}]: an agreement's value is its edition
    started         timestamptz NOT NULL,
    started_by      integer REFERENCES agents,      -- NULL where the customer did
    filed           timestamptz NOT NULL,
    state           text NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'in_hand', 'done')),
    moved           timestamptz,
    moved_by        integer REFERENCES agents
);
CREATE INDEX business_requests_open ON business_requests (filed) WHERE state <> 'done';
CREATE INDEX business_requests_of_contact ON business_requests (contact_id);

-- Every step of a request: who took it, when, and what the customer was told.
CREATE TABLE business_steps (
    request_id      bigint NOT NULL REFERENCES business_requests,
    state           text NOT NULL,
    at              timestamptz NOT NULL,
    agent_id        integer NOT NULL REFERENCES agents,
    note            text NOT NULL DEFAULT '',
    PRIMARY KEY (request_id, state)
);
