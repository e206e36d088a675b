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

-- Answers that were sent although something in them had been pointed out (clause quality.auto).
CREATE TABLE sent_anyway (
    contact_id      bigint NOT NULL,
    seq             bigint NOT NULL,                -- the message, the last where the answer is several
    conversation_id bigint,
    agent_id        integer NOT NULL REFERENCES agents,
    found           text[] NOT NULL,                -- kind:words, personal data masked
    reason          text NOT NULL,
    at              timestamptz NOT NULL,
    PRIMARY KEY (contact_id, seq)
);
CREATE INDEX sent_anyway_of_agent ON sent_anyway (agent_id, at);
