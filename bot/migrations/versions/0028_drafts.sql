-- What agents have typed and not sent, while the chat is open; an empty row remembers what was sent last.
CREATE TABLE drafts (
    agent_id        integer NOT NULL REFERENCES agents,
    conversation_id bigint NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('reply', 'note')),
    text            text NOT NULL,
    page            text NOT NULL DEFAULT '',       -- the opened page that saved it
    place           bigint NOT NULL DEFAULT 0,      -- among the saves of that page
    sends           integer NOT NULL DEFAULT 0,     -- how often a text was sent from here
    sent            text NOT NULL DEFAULT '',       -- what was sent last
    saved           timestamptz NOT NULL,
    PRIMARY KEY (agent_id, conversation_id, kind)
) WITH (fillfactor = 80);
CREATE INDEX drafts_of_conversation ON drafts (conversation_id);
