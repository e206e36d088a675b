-- Who is told of what happens here, by webhooks.
CREATE TABLE subscriptions (
    id              integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name            text NOT NULL,
    url             text NOT NULL,
    events          text[] NOT NULL,
    secret          bytea NOT NULL,                 -- sealed
    former          bytea,                          -- the secret before, which signs as well
    former_until    timestamptz,
    created         timestamptz NOT NULL DEFAULT clock_timestamp(),
    disabled        timestamptz,
    reason          text NOT NULL DEFAULT ''        -- why it is disabled: gone (410), or by_hand
);
INSERT INTO publications (subject) VALUES ('subscriptions');

-- What somebody subscribed to, written in the transaction of what it tells. Kept 30 days.
CREATE TABLE happenings (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    type            text NOT NULL,
    at              timestamptz NOT NULL,
    told            jsonb NOT NULL                  -- ids and states
);
CREATE INDEX happenings_at ON happenings (at);

CREATE TABLE hook_deliveries (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    happening_id    bigint NOT NULL REFERENCES happenings ON DELETE CASCADE,
    subscription_id integer NOT NULL REFERENCES subscriptions ON DELETE CASCADE,
    due             timestamptz,                    -- the next try; null when it is over
    attempts        integer NOT NULL DEFAULT 0,     -- since it was written, or last replayed
    taken           timestamptz                     -- when the receiver took it
) WITH (fillfactor = 80);
CREATE INDEX hook_deliveries_due ON hook_deliveries (due) WHERE due IS NOT NULL;
CREATE INDEX hook_deliveries_of ON hook_deliveries (subscription_id, id);
CREATE INDEX hook_deliveries_telling ON hook_deliveries (happening_id);

-- Each try of a delivery: the log.
CREATE TABLE hook_tries (
    delivery_id     bigint NOT NULL REFERENCES hook_deliveries ON DELETE CASCADE,
    at              timestamptz NOT NULL DEFAULT clock_timestamp(),
    outcome         text NOT NULL,                  -- taken, an HTTP status, or a constant word
    milliseconds    integer NOT NULL
);
CREATE INDEX hook_tries_of ON hook_tries (delivery_id, at);
