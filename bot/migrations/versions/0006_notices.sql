-- Whether the platform takes no messages for this contact now, so that only a notice that leads to a page may go.
ALTER TABLE outbox ADD COLUMN notice boolean NOT NULL DEFAULT false;

-- When it became known that the question did not reach the customer.
ALTER TABLE surveys ADD COLUMN undelivered timestamptz;
