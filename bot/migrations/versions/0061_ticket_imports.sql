-- Files of tickets of another system: who handed in which, what was found in it, and what became of its rows.
CREATE TABLE ticket_imports (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    agent_id        integer NOT NULL REFERENCES agents,
    origin          text NOT NULL,                  -- their browser's address, for the trail
    name            text NOT NULL,                  -- the file's
    place           text,                           -- its bytes; NULL once they are not kept any more
    state           text NOT NULL DEFAULT 'checking'
                    CHECK (state IN ('checking', 'checked', 'taking', 'taken', 'unread')),
    requested       timestamptz NOT NULL DEFAULT clock_timestamp(),
    due             timestamptz NOT NULL DEFAULT clock_timestamp(), -- the next try, not before this
    tries           integer NOT NULL DEFAULT 0,     -- of what is under way
    good            integer NOT NULL DEFAULT 0,     -- rows that hold
    known           integer NOT NULL DEFAULT 0,     -- of these, that were here before
    done            integer NOT NULL DEFAULT 0,     -- rows with which the import has dealt
    wrong           integer NOT NULL DEFAULT 0,     -- rows that do not hold
    named           jsonb NOT NULL DEFAULT '[]',    -- the first of these: line, column, what is wrong, and with which value
    unread          text[],                         -- why the file cannot be read: what is wrong, and which value it names
    taken           timestamptz
);
CREATE INDEX ticket_imports_of ON ticket_imports (agent_id, id DESC);
CREATE INDEX ticket_imports_due ON ticket_imports (due) WHERE state IN ('checking', 'taking');
