-- Matters that departments have to solve. Marks say how far each is; their deadlines are derived from them.
CREATE TABLE tickets (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    contact_id      bigint NOT NULL REFERENCES contacts,
    conversation_id bigint,                         -- in which it was written down
    request_id      bigint REFERENCES business_requests,  -- the finished form that it was made of
    kind            text NOT NULL CHECK (kind IN ('matter', 'suggestion', 'complaint')),
    business        text NOT NULL,
    text            text NOT NULL,
    cause           text NOT NULL DEFAULT '',       -- of a complaint: the responsible matter
    people          integer NOT NULL DEFAULT 1,
    loss            bigint NOT NULL DEFAULT 0,      -- yuan
    version         integer NOT NULL DEFAULT 1,
    state           text NOT NULL,                  -- as the marks say
    department      text NOT NULL DEFAULT '',
    owner           integer REFERENCES agents,      -- follows it; empty where a form made it
    handler         integer REFERENCES agents,      -- works on it in the department
    created_by      integer REFERENCES agents,
    created         timestamptz NOT NULL,
    transferred     timestamptz,
    reported        timestamptz,
    solved          timestamptz,
    told            timestamptz,
    visited         timestamptz,
    drawn           timestamptz,
    inspected       timestamptz,
    reopened        timestamptz,
    archived        timestamptz,
    inspection      text NOT NULL DEFAULT 'none' CHECK (inspection IN ('none', 'drawn', 'passed')),
    extended_to     timestamptz,
    extended_at     timestamptz,
    merged_into     bigint REFERENCES tickets,
    repeats         integer NOT NULL DEFAULT 0,
    grade           text CHECK (grade IN ('ordinary', 'escalated', 'major')),
    overruled       boolean NOT NULL DEFAULT false,
    graded          timestamptz,
    verified        timestamptz,
    replied         timestamptz,
    emergency       timestamptz,
    planned         timestamptz,
    regulator       timestamptz,
    next_due        timestamptz,                    -- the earliest of its running deadlines, as the ledger has it
    next_clause     text NOT NULL DEFAULT '',
    CHECK ((kind = 'complaint') = (grade IS NOT NULL)),
    CHECK (merged_into IS NULL OR archived IS NOT NULL)
) WITH (fillfactor = 80);
-- What lists are narrowed by stands behind their order, so that a narrow list does not read what it leaves out.
CREATE INDEX tickets_next ON tickets (next_due, id, state, department, grade, kind, owner, handler, created_by)
    WHERE archived IS NULL;
CREATE INDEX tickets_of_department ON tickets (department, next_due, id) WHERE archived IS NULL;
CREATE INDEX tickets_of_owner ON tickets (owner, next_due, id) WHERE archived IS NULL;
CREATE INDEX tickets_by_state ON tickets (state, next_due, id, department, grade, kind) WHERE archived IS NULL;
CREATE INDEX tickets_archived ON tickets (archived DESC, id DESC) WHERE archived IS NOT NULL;
CREATE INDEX tickets_of_contact ON tickets (contact_id, id);

-- What happened to a ticket, line by line. Nothing here is ever changed.
CREATE TABLE ticket_steps (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ticket_id       bigint NOT NULL REFERENCES tickets,
    at              timestamptz NOT NULL,
    agent_id        integer REFERENCES agents,
    what            text NOT NULL,
    text            text NOT NULL DEFAULT '',
    fields          jsonb NOT NULL DEFAULT '[]',    -- [[name, value], …]
    seq             bigint                          -- the message in the contact's thread that told the customer
);
CREATE INDEX ticket_steps_of ON ticket_steps (ticket_id, id);

CREATE TABLE ticket_conversations (
    ticket_id       bigint NOT NULL REFERENCES tickets,
    conversation_id bigint NOT NULL,
    PRIMARY KEY (ticket_id, conversation_id)
);
CREATE INDEX ticket_conversations_of ON ticket_conversations (conversation_id);

-- An archived ticket stays as it is, with all that belongs to it (clause ticket.archive).
CREATE FUNCTION refuse_change_of_archived_ticket() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'tickets' THEN
        IF OLD.archived IS NOT NULL THEN
            RAISE EXCEPTION 'ticket % is archived', OLD.id;
        END IF;
    ELSIF TG_OP <> 'INSERT' AND TG_TABLE_NAME = 'ticket_steps' THEN
        RAISE EXCEPTION 'the steps of tickets are never changed or removed';
    ELSIF EXISTS (SELECT FROM tickets
                  WHERE id = coalesce(NEW.ticket_id, OLD.ticket_id) AND archived IS NOT NULL) THEN
        RAISE EXCEPTION 'ticket % is archived', coalesce(NEW.ticket_id, OLD.ticket_id);
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER tickets_stay BEFORE UPDATE OR DELETE ON tickets
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_archived_ticket();
CREATE TRIGGER ticket_steps_stay BEFORE INSERT OR UPDATE OR DELETE ON ticket_steps
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_archived_ticket();
CREATE TRIGGER ticket_conversations_stay BEFORE INSERT OR UPDATE OR DELETE ON ticket_conversations
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_archived_ticket();

-- Pairs of characters, by which Chinese is searched.
CREATE FUNCTION pairs(said text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(substr(t, n, 2)), '{}')
    FROM (SELECT left(lower(translate(said, E' \t\r\n', '')), 400) AS t) AS whole,
         generate_series(1, greatest(length(t) - 1, 1)) AS n
$$;
CREATE INDEX tickets_searched ON tickets USING gin (pairs(text));

-- What tells of a ticket may be held back until quiet hours end; it holds nothing else back meanwhile.
ALTER TABLE outbox ADD COLUMN ticket_id bigint, ADD COLUMN held boolean NOT NULL DEFAULT false;
CREATE INDEX outbox_of_ticket ON outbox (ticket_id) WHERE ticket_id IS NOT NULL;

CREATE INDEX deadlines_of_tickets ON deadlines (subject_id) WHERE subject IN ('ticket', 'complaint');

-- Requests that became tickets are followed there.
ALTER TABLE business_requests ADD COLUMN ticket_id bigint REFERENCES tickets;

ALTER TABLE alerts ADD COLUMN ticket_id bigint;
CREATE INDEX alerts_of_ticket ON alerts (ticket_id) WHERE ticket_id IS NOT NULL AND seen IS NULL;
