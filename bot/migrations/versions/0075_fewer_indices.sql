-- Nobody asks for deadlines by their breach without those that the house keeps by itself left out (deadlines_broken), nor
-- for chats of nobody; each of these cost every write of a row something.
DROP INDEX deadlines_breached;
DROP INDEX conversations_of_assignee;
CREATE INDEX conversations_of_assignee ON conversations (assignee, closed) WHERE assignee IS NOT NULL;
