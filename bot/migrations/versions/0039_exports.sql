-- Lists of tickets as files: who asked for which, how far it is, and where its bytes are until a day has passed.
CREATE TABLE ticket_exports (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    agent_id        integer NOT NULL REFERENCES agents,
    query           text NOT NULL,                  -- the filters as the page's address has them
    format          text NOT NULL CHECK (format IN ('csv', 'xlsx')),
    requested       timestamptz NOT NULL DEFAULT clock_timestamp(),
    due             timestamptz NOT NULL DEFAULT clock_timestamp(), -- the next try, not before this
    tries           integer NOT NULL DEFAULT 0,
    total           integer NOT NULL DEFAULT 0,
    written         integer NOT NULL DEFAULT 0,     -- rows
    made            timestamptz,
    place           text,
    size            bigint NOT NULL DEFAULT 0       -- bytes
);
CREATE INDEX ticket_exports_of ON ticket_exports (agent_id, id DESC);
CREATE INDEX ticket_exports_due ON ticket_exports (due) WHERE made IS NULL;
