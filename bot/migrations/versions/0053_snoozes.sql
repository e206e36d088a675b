-- Chats that their owners set aside: until a time, the customer's next words, or shortly before a limit.
CREATE TABLE snoozes (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    conversation_id bigint NOT NULL,
    agent_id        integer NOT NULL REFERENCES agents,
    since           timestamptz NOT NULL DEFAULT clock_timestamp(),
    until           timestamptz NOT NULL,
    note            text NOT NULL DEFAULT '',       -- what it waits for, in the owner's words
    ended           timestamptz,
    why             text CHECK (why IN ('agent', 'customer', 'time', 'deadline', 'left')),
    CHECK ((ended IS NULL) = (why IS NULL))
);
CREATE UNIQUE INDEX snoozes_standing ON snoozes (conversation_id) WHERE ended IS NULL;

-- What is set aside at this moment, whatever has been written down: it is its owner's still, and the customer has been silent.
CREATE VIEW set_aside AS
    SELECT z.conversation_id, z.agent_id, z.until, z.note
    FROM snoozes z JOIN conversations v ON v.id = z.conversation_id AND v.assignee = z.agent_id AND v.status = 'assigned'
    WHERE z.ended IS NULL AND z.until > clock_timestamp() AND (v.spoke IS NULL OR v.spoke <= z.since);
