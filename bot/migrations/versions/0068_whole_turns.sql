-- A turn of the usual kind as one row: question and answer, and what they move at their conversation and contact. In a
-- row for each, the client looks three times as often whether a value is an array. Null from misses on: the turn moves
-- nothing there, because a later one of its batch does, or because more changes than this tells.
CREATE TYPE kept_turn AS (
    contact_id      bigint,
    source_id       text,
    seq             bigint,
    conversation_id bigint,
    question        text,
    answer          text,
    choices         text,
    seconds         double precision,               -- since 1970
    outbox_id       bigint,
    misses          integer,
    last_said       text,
    options         text,
    flood_since     double precision,
    flood_count     integer,
    budget_expires  double precision
);
