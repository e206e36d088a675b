-- A call as its telephone system has told it: facts that hold whatever the order in which they came.
-- Times are the telephone system's own.
CREATE TABLE calls (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    contact_id      bigint NOT NULL REFERENCES contacts,
    conversation_id bigint NOT NULL UNIQUE,
    ref             text NOT NULL,                  -- the telephone system's id
    began           timestamptz NOT NULL,           -- the earliest time of all that was told
    offered         timestamptz,
    picked_up       timestamptz,
    served          timestamptz,                    -- the last time that somebody picked it up
    login           text NOT NULL DEFAULT '',       -- of whoever served it last, as the telephone system names them
    extension       text NOT NULL DEFAULT '',
    agent_id        integer,                        -- the same person at our desk, where there is one
    abandoned       timestamptz,
    hung_up         timestamptz,
    ended_by        text NOT NULL DEFAULT '',
    seconds         integer NOT NULL DEFAULT 0,     -- how long they talked
    voicemail       timestamptz,
    files           text[] NOT NULL DEFAULT '{}',   -- what names each voicemail and recording
    scored          timestamptz,
    score           integer CHECK (score BETWEEN 0 AND 100),
    stars           integer CHECK (stars BETWEEN 1 AND 5),
    given_up        timestamptz,                    -- nothing more was heard: it counts as over
    in_service      boolean NOT NULL,               -- whether it began to ring in service hours
    UNIQUE (contact_id, ref)
);
-- Late reports judge limits anew that have ended already.
CREATE INDEX deadlines_of_calls ON deadlines (subject_id) WHERE subject = 'call';
CREATE INDEX calls_began ON calls (began);
CREATE INDEX calls_live ON calls (id) WHERE hung_up IS NULL AND abandoned IS NULL AND given_up IS NULL;

-- A call is a conversation beside the contact's chats: a switchboard's number may ring twice at once.
ALTER TABLE conversations ADD COLUMN call_id bigint;
DROP INDEX conversations_one_open;
CREATE UNIQUE INDEX conversations_one_open ON conversations (contact_id) WHERE closed IS NULL AND call_id IS NULL;

-- The extension that rings at an agent's place.
ALTER TABLE agents ADD COLUMN extension text UNIQUE;

-- A call's score is there before anybody knows who picked up, and stays where that was none of ours.
ALTER TABLE surveys ALTER COLUMN agent_id DROP NOT NULL;

CREATE TABLE outlets (
    id              text PRIMARY KEY CHECK (id ~ '^[A-Za-z0-9_-]{1,32}$'),  -- stands in QR codes behind "o:"
    name            text NOT NULL,
    city            text NOT NULL DEFAULT '',
    added           timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- The outlet whose QR code the contact scanned last.
ALTER TABLE contacts ADD COLUMN outlet text, ADD COLUMN outlet_scanned timestamptz;
