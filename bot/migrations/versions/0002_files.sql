-- Files of messages. The bytes are kept apart, under a name of their own; this row says what they are and who may see them.
CREATE TABLE files (
    id              text PRIMARY KEY,               -- at least 128 random bits
    state           text NOT NULL CHECK (state IN ('wanted', 'stored', 'refused', 'gone')),
    channel         text NOT NULL,                  -- whose it is: the contact's address
    account         text NOT NULL,
    address         text NOT NULL,
    agent           integer,                        -- who uploaded it at the desk; empty for a customer's
    contact_id      bigint,                         -- the message that it belongs to, once there is one
    seq             bigint,
    ref             text NOT NULL DEFAULT '',       -- what the platform hands the bytes out for
    name            text NOT NULL DEFAULT '',
    type            text NOT NULL DEFAULT '',       -- MIME; the platform's word while wanted, then by a look at the bytes
    size            bigint,
    width           integer,                        -- pixels, of images
    height          integer,
    place           text,                           -- the name under which the bytes are kept
    error           text,                           -- why it is refused or gone, or why the last try failed
    tries           integer NOT NULL DEFAULT 0,
    due             timestamptz,                    -- when it is to be fetched, or tried again
    created         timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended           timestamptz,                    -- when it was stored, refused or given up
    CHECK ((contact_id IS NULL) = (seq IS NULL)),
    CHECK ((state = 'stored') = (place IS NOT NULL))
);
CREATE UNIQUE INDEX files_of_messages ON files (contact_id, seq) WHERE seq IS NOT NULL;
CREATE INDEX files_wanted ON files (due) WHERE state = 'wanted';
CREATE INDEX files_unsent ON files (channel, account, address, created) WHERE seq IS NULL;
