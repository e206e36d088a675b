-- What people have served, by queue, the latest last: the estimated wait is measured from it.
CREATE INDEX conversations_served ON conversations (queue, closed) WHERE closed IS NOT NULL AND assigned IS NOT NULL;
