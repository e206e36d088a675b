-- Canned replies belong to everybody, to a unit and all below it, or to one person.
ALTER TABLE canned_replies DROP CONSTRAINT canned_replies_pkey;
ALTER TABLE canned_replies
    ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ADD COLUMN agent_id integer REFERENCES agents,
    ADD COLUMN unit_id integer REFERENCES units,
    ADD CONSTRAINT canned_replies_one_owner CHECK (agent_id IS NULL OR unit_id IS NULL);
CREATE UNIQUE INDEX canned_replies_key ON canned_replies (key, coalesce(agent_id, 0), coalesce(unit_id, 0));

-- When somebody used a canned reply last: those come first.
CREATE TABLE canned_uses (
    agent_id        integer NOT NULL REFERENCES agents,
    canned_id       bigint NOT NULL REFERENCES canned_replies ON DELETE CASCADE,
    used            timestamptz NOT NULL,
    PRIMARY KEY (agent_id, canned_id)
);

-- Colleagues who are named in notes, until they have seen it.
CREATE TABLE mentions (
    agent_id        integer NOT NULL REFERENCES agents,
    contact_id      bigint NOT NULL,
    seq             bigint NOT NULL,                -- the note
    conversation_id bigint,
    by_agent        integer NOT NULL REFERENCES agents,
    at              timestamptz NOT NULL,
    seen            timestamptz,
    PRIMARY KEY (agent_id, contact_id, seq)
);
CREATE INDEX mentions_unseen ON mentions (agent_id, at) WHERE seen IS NULL;

-- What agents looked up in the knowledge, and whether it helped (clause knowledge.success).
CREATE TABLE knowledge_lookups (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    agent_id        integer NOT NULL REFERENCES agents,
    conversation_id bigint NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('suggestion', 'search')),
    text            text NOT NULL,                  -- personal data masked
    found           text[] NOT NULL,                -- ids of entries, best first
    used            text,                           -- the entry that was put into the answer
    missing         boolean NOT NULL DEFAULT false, -- marked as having no answer
    at              timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX knowledge_lookups_at ON knowledge_lookups USING brin (at);
