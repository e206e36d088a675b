CREATE INDEX deadlines_breached ON deadlines (breached) WHERE breached IS NOT NULL;
