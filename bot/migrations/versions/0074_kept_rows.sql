-- Rows of the statements that write whatever turns change besides the usual: as arrays of rows, for each value of a column
-- in an array of its own is looked at whether that is an array again. Times are seconds since 1970.
CREATE TYPE kept_beginning AS (                     -- a conversation that begins
    id              bigint,
    contact_id      bigint,
    status          text,
    version         integer,
    queue           text,
    priority        integer,
    assignee        integer,
    reoffer         boolean,
    misses          integer,
    opened          double precision,
    spoke           double precision,
    returned        double precision,
    queued          double precision,
    assigned        double precision,
    waiting_since   double precision,
    answered        double precision,
    reminded        double precision,
    told            double precision,
    closed          double precision,
    wrapup          text,
    first_seq       bigint
);
CREATE TYPE kept_course AS (                        -- a conversation that goes on or ends
    id              bigint,
    status          text,
    version         integer,
    queue           text,
    priority        integer,
    assignee        integer,
    reoffer         boolean,
    misses          integer,
    spoke           double precision,
    returned        double precision,
    queued          double precision,
    assigned        double precision,
    waiting_since   double precision,
    answered        double precision,
    reminded        double precision,
    told            double precision,
    closed          double precision,
    wrapup          text
);
CREATE TYPE kept_contact AS (
    id              bigint,
    seq             bigint,
    last_event      double precision,
    conversation_id bigint,
    closed          double precision,
    last_said       text,
    options         text,
    survey_id       bigint,
    flood_since     double precision,
    flood_count     integer,
    flood_told      boolean,
    budget_left     integer,
    budget_expires  double precision
);
CREATE TYPE kept_message AS (
    contact_id      bigint,
    seq             bigint,
    conversation_id bigint,
    sender          text,
    agent           integer,
    kind            text,
    text            text,
    choices         text,
    sent_at         double precision
);
CREATE TYPE kept_intake AS (
    contact_id      bigint,
    source_id       text,
    seq             bigint,
    reply_from      bigint,
    reply_to        bigint,
    outbox_id       bigint,
    refused         text,
    taken           double precision
);
CREATE TYPE kept_letter AS (                        -- a row of the outbox
    id              bigint,
    contact_id      bigint,
    from_seq        bigint,
    to_seq          bigint,
    kind            text,
    state           text,
    created         double precision,
    due             double precision,
    error           text
);
CREATE TYPE kept_alert AS (
    audience        text,
    agent_id        integer,
    kind            text,
    contact_id      bigint,
    conversation_id bigint,
    improvement_id  bigint,
    raised          double precision
);
CREATE TYPE kept_step AS (                          -- a deadline that fired and runs on
    id              bigint,
    step            integer,
    next_at         double precision,
    warned          double precision,
    breached        double precision
);
