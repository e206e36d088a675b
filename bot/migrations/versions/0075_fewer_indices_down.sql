DROP INDEX conversations_of_assignee;
CREATE INDEX conversations_of_assignee ON conversations (assignee, closed);
CREATE INDEX deadlines_breached ON deadlines (breached) WHERE breached IS NOT NULL;
