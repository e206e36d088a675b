DROP INDEX alerts_of_ticket;
ALTER TABLE alerts DROP COLUMN ticket_id;
ALTER TABLE business_requests DROP COLUMN ticket_id;
ALTER TABLE outbox DROP COLUMN held, DROP COLUMN ticket_id;
DROP INDEX deadlines_of_tickets;
DELETE FROM deadlines WHERE subject IN ('ticket', 'complaint');
DROP TABLE ticket_conversations, ticket_steps, tickets;
DROP FUNCTION refuse_change_of_archived_ticket();
DROP FUNCTION pairs(text);
