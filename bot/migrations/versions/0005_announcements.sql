-- What customers are told on the chat's home without asking: a fault in a region, a change of prices, holiday hours.
CREATE TABLE announcements (
    id              integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    level           text NOT NULL CHECK (level IN ('info', 'warning', 'emergency')),
    title           text NOT NULL,
    text            text NOT NULL DEFAULT '',
    language        text NOT NULL DEFAULT '',       -- a folder of words, such as en; empty: shown in every language
    starts          timestamptz NOT NULL DEFAULT clock_timestamp(),
    ends            timestamptz,                    -- empty: until somebody ends it
    agent_id        integer REFERENCES agents,      -- who wrote it at the desk; empty: written on the command line
    created         timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK (ends IS NULL OR ends >= starts)
);
CREATE INDEX announcements_by_end ON announcements (ends);

-- What the holder of a session agreed to before the first message, and when.
ALTER TABLE web_sessions
    ADD COLUMN agreed timestamptz,
    ADD COLUMN agreed_to text NOT NULL DEFAULT '';  -- the address of the privacy notice that was shown
