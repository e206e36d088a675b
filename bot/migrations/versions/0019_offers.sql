-- To whom a conversation is offered; all null while it has never been. Between two offers only `offer_to` is null.
ALTER TABLE conversations
    ADD COLUMN offer_to integer,
    ADD COLUMN offer_until timestamptz,             -- how long they have, or when the last offer ended
    ADD COLUMN offer_by integer,                    -- the owner who passes it on
    ADD COLUMN offer_hops integer,
    ADD COLUMN offer_passed integer[];              -- who has declined or not answered
CREATE INDEX conversations_offered ON conversations (offer_to) WHERE offer_to IS NOT NULL;

-- What agents passed on, with a note for whoever takes it next.
CREATE TABLE transfers (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    conversation_id bigint NOT NULL,
    agent           integer NOT NULL,               -- who passed it on
    to_agent        integer,
    queue           text NOT NULL,                  -- empty where it goes to an agent
    note            text NOT NULL,
    asked           timestamptz NOT NULL
);
CREATE INDEX transfers_of_conversation ON transfers (conversation_id, id);
