-- Filters of the ticket list that somebody has kept under a name.
CREATE TABLE ticket_filters (
    agent_id        integer NOT NULL REFERENCES agents ON DELETE CASCADE,
    name            text NOT NULL,
    query           text NOT NULL,                  -- as the page's address has it
    PRIMARY KEY (agent_id, name)
);

-- Files of a ticket: those of the thread that belong to it, and those that people at the desk have added.
CREATE TABLE ticket_files (
    ticket_id       bigint NOT NULL REFERENCES tickets,
    file_id         text NOT NULL REFERENCES files ON DELETE CASCADE,
    PRIMARY KEY (ticket_id, file_id)
);
CREATE INDEX ticket_files_of ON ticket_files (file_id);
CREATE TRIGGER ticket_files_stay BEFORE INSERT OR UPDATE OR DELETE ON ticket_files
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_archived_ticket();
