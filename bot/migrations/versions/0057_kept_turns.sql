-- Rows of the statement that writes turns of the usual kind: one array of these costs the client a third of an array
-- for each column, for every value of which it looks whether that is an array again.
CREATE TYPE kept_exchange AS (
    contact_id      bigint,
    source_id       text,
    seq             bigint,
    conversation_id bigint,
    question        text,
    answer          text,
    choices         text,
    seconds         double precision,               -- since 1970
    outbox_id       bigint
);
CREATE TYPE kept_words AS (
    id              bigint,                         -- of the conversation
    spoke           double precision,
    misses          integer
);
CREATE TYPE kept_talk AS (
    id              bigint,                         -- of the contact
    seq             bigint,
    last_event      double precision,
    last_said       text,
    options         text,
    flood_since     double precision,
    flood_count     integer,
    budget_expires  double precision
);
CREATE TYPE kept_move AS (
    id              bigint,                         -- of the deadline
    generation      integer,
    opened          double precision,
    due             double precision,
    edition         integer
);
