-- The operator's customers, as far as contacts have proved to be one.
CREATE TABLE customers (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    number          text NOT NULL DEFAULT '',       -- the operator's own number of the customer, where it is known
    name            text NOT NULL DEFAULT '',
    created         timestamptz NOT NULL DEFAULT clock_timestamp(),
    merged_into     bigint REFERENCES customers     -- two turned out to be one; this row stays as a signpost
);

ALTER TABLE contacts ADD COLUMN customer_id bigint REFERENCES customers;
CREATE INDEX contacts_of_customer ON contacts (customer_id) WHERE customer_id IS NOT NULL;

-- A conversation in which several contacts of a customer take part: where the customer wrote last, answers go.
ALTER TABLE conversations ADD COLUMN last_used bigint;
ALTER TABLE conversations ADD COLUMN merged_into bigint;
CREATE INDEX conversations_merged ON conversations (merged_into) WHERE merged_into IS NOT NULL;

-- What a contact has proved. Contacts that have proved the same are one customer.
CREATE TABLE identities (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    contact_id      bigint NOT NULL REFERENCES contacts,
    kind            text NOT NULL CHECK (kind IN ('jwt_sub', 'phone')),
    blind           bytea NOT NULL,                 -- HMAC of the value: it can be found, not read
    shown           text NOT NULL,                  -- the value masked for people
    means           text NOT NULL,                  -- how it was proved, such as jwt:app:demo or code
    verified        timestamptz NOT NULL,
    withdrawn       timestamptz,
    withdrawn_by    integer                         -- the agent who did; null where the customer did
);
CREATE UNIQUE INDEX identities_of_contact ON identities (contact_id, kind, blind) WHERE withdrawn IS NULL;
CREATE INDEX identities_held ON identities (kind, blind) WHERE withdrawn IS NULL;

-- Which contact stood for which customer, from when until when, and by whose word. Nothing is ever removed here.
CREATE TABLE joins (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id     bigint NOT NULL REFERENCES customers,
    contact_id      bigint NOT NULL REFERENCES contacts,
    joined          timestamptz NOT NULL,
    why             text NOT NULL,                  -- the proof's means; merged or split where others moved it
    unjoined        timestamptz,
    unjoined_by     integer,                        -- the agent; null where it was no agent
    unjoin_why      text                            -- the reason; customer, merged or split where it was no agent
);
CREATE UNIQUE INDEX joins_now ON joins (contact_id) WHERE unjoined IS NULL;
CREATE INDEX joins_of_customer ON joins (customer_id, id);

-- One-time codes for telephone numbers; never the code or the number themselves.
CREATE TABLE phone_codes (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    contact_id      bigint NOT NULL REFERENCES contacts,
    blind           bytea NOT NULL,
    shown           text NOT NULL,
    code_hash       bytea NOT NULL,
    sent            timestamptz NOT NULL,
    expires         timestamptz NOT NULL,
    tries           integer NOT NULL DEFAULT 0,
    used            timestamptz                     -- proved, or given up for a newer one
);
CREATE INDEX phone_codes_of_contact ON phone_codes (contact_id, sent);
CREATE INDEX phone_codes_of_number ON phone_codes (blind, sent);
