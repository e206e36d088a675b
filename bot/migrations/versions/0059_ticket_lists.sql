-- The archive is narrowed by the index that it is read by, as lists of open tickets are; a ticket enters it once.
DROP INDEX tickets_archived;
CREATE INDEX tickets_archived ON tickets (archived DESC, id DESC, state, department, grade, kind, owner, handler, created_by)
    WHERE archived IS NOT NULL;
CREATE INDEX tickets_archived_of_department ON tickets (department, archived DESC, id DESC, grade, kind) WHERE archived IS NOT NULL;
CREATE INDEX tickets_archived_of_owner ON tickets (owner, archived DESC, id DESC) WHERE archived IS NOT NULL;
CREATE INDEX tickets_archived_of_handler ON tickets (handler, archived DESC, id DESC)
    WHERE archived IS NOT NULL AND handler IS NOT NULL;
CREATE INDEX tickets_merged ON tickets (archived DESC, id DESC) WHERE archived IS NOT NULL AND state = 'merged';

-- Columns of the board are narrowed by whose tickets are as well.
DROP INDEX tickets_by_state;
CREATE INDEX tickets_by_state ON tickets (state, next_due, id, department, grade, kind, owner, handler, created_by)
    WHERE archived IS NULL;

-- Few tickets come from another system: the others are not entered with each act.
ALTER TABLE tickets DROP CONSTRAINT tickets_outside_key;
CREATE UNIQUE INDEX tickets_outside ON tickets (outside) WHERE outside IS NOT NULL;

-- Indices answer alone where a page's rows are known to be seen by all, which only a vacuum notes: after some 20,000 acts
-- among a million tickets, and not after 200,000.
ALTER TABLE tickets SET (autovacuum_vacuum_scale_factor = 0.02);
