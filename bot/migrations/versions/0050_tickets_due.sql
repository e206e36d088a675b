-- Words are looked for in open and archived tickets alike: where many tickets have them, the first lines of a list are soon
-- found in its own order.
CREATE INDEX tickets_due ON tickets (next_due, id);
