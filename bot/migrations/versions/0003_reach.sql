-- How far messages have got: hints by devices and desks, written beside the writer and never part of a decision.
CREATE TABLE reach (
    contact_id      bigint PRIMARY KEY REFERENCES contacts ON DELETE CASCADE,
    delivered       bigint NOT NULL DEFAULT 0,      -- has arrived on a device of the contact, up to this seq
    read            bigint NOT NULL DEFAULT 0,      -- was seen by the contact; never ahead of delivered
    heard           bigint NOT NULL DEFAULT 0       -- was seen by the assignee at the desk
) WITH (fillfactor = 70);

-- Contacts of apps that are to be woken by a push notification, one row each. Which they are follows from intake and
-- reach; a row holds how far the telling has got.
CREATE TABLE pushes (
    contact_id      bigint PRIMARY KEY REFERENCES contacts ON DELETE CASCADE,
    seq             bigint NOT NULL,                -- of the newest message to tell of
    told            bigint NOT NULL DEFAULT 0,      -- up to here the endpoint has been told
    attempts        integer NOT NULL DEFAULT 0,     -- since the last success
    due             timestamptz,                    -- the next try; null when none is wanted
    error           text                            -- of the last try: a constant word or an HTTP status
) WITH (fillfactor = 70);
CREATE INDEX pushes_due ON pushes (due) WHERE due IS NOT NULL;
CREATE INDEX web_sessions_of_contact ON web_sessions (channel, account, address);

-- Up to which moment intake has been looked through for messages to tell of.
CREATE TABLE push_progress (
    one             boolean PRIMARY KEY DEFAULT true CHECK (one),
    looked_until    timestamptz NOT NULL DEFAULT clock_timestamp()
);
INSERT INTO push_progress DEFAULT VALUES;
