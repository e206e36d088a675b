-- How our accounts on platforms fare, as the sender told last.
CREATE TABLE account_states (
    channel         text NOT NULL,
    account         text NOT NULL,
    failures        integer NOT NULL,               -- calls in a row that the platform did not answer
    closed_until    timestamptz,                    -- the breaker is open: the next probe goes then
    held_until      timestamptz,                    -- the platform wants nothing from this account before
    told            timestamptz NOT NULL,
    PRIMARY KEY (channel, account)
);

-- What is wrong with an account as a whole, so that all its messages fare the same until somebody mends it.
CREATE TABLE account_troubles (
    channel         text NOT NULL,
    account         text NOT NULL,
    kind            text NOT NULL,                  -- a constant word of the door, such as address_unlisted
    since           timestamptz NOT NULL,           -- the first time; anew after a day without it
    last            timestamptz NOT NULL,
    times           integer NOT NULL,
    alerted         timestamptz NOT NULL,           -- the last time that leaders were told
    PRIMARY KEY (channel, account, kind)
);

-- What an alert is about that belongs to no contact: an account, as channel/account.
ALTER TABLE alerts ADD COLUMN about text NOT NULL DEFAULT '';

-- What people decided about messages that had not arrived. Nothing is ever removed here.
CREATE TABLE outbox_acts (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    outbox_id       bigint NOT NULL,
    attempts        integer NOT NULL,               -- tries that had been made by then
    act             text NOT NULL CHECK (act IN ('retry', 'drop', 'arrived', 'lost')),
    state           text NOT NULL,                  -- the state that it found
    agent_id        integer,                        -- empty: on the command line
    at              timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (outbox_id, attempts, act)
);

-- What was shown unmasked to whom, and why: a trail that nobody can change afterwards.
CREATE TABLE disclosures (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    agent_id        integer NOT NULL,
    what            text NOT NULL,                  -- such as contact.number
    contact_id      bigint NOT NULL,
    reason          text NOT NULL,
    at              timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX disclosures_of_contact ON disclosures (contact_id, id);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME;
END $$;
CREATE TRIGGER disclosures_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON disclosures
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
