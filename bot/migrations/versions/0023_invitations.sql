-- Who sees a conversation beside its owner, from the invitation until one of them ends it, or the conversation ends.
CREATE TABLE invitations (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    conversation_id bigint NOT NULL,
    agent_id        integer NOT NULL,
    invited_by      integer NOT NULL,
    answers         boolean NOT NULL,               -- whether they may answer the customer, beside writing notes
    invited         timestamptz NOT NULL,
    ended           timestamptz
);
CREATE UNIQUE INDEX invitations_standing ON invitations (conversation_id, agent_id) WHERE ended IS NULL;
