-- Ticket rules as operators publish them: the last one holds.
CREATE TABLE ticket_rules (
    id              integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    text            text NOT NULL,                  -- TOML as `router.tickets.rules.parse` reads it
    published       timestamptz NOT NULL DEFAULT clock_timestamp()
);
INSERT INTO publications (subject) VALUES ('tickets');
