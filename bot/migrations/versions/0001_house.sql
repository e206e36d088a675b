-- People who write to us, one row for each person on each channel. This row's lock orders everything that happens to them.
CREATE TABLE contacts (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    channel         text NOT NULL,
    account         text NOT NULL,
    address         text NOT NULL,                  -- the platform's name for the person
    name            text NOT NULL DEFAULT '',
    language        text NOT NULL DEFAULT 'zh',
    created         timestamptz NOT NULL DEFAULT clock_timestamp(),
    seq             bigint NOT NULL DEFAULT 0,      -- of the last message, both directions
    last_event      timestamptz,                    -- the last mark given; the next event gets at least 1 µs more
    conversation_id bigint,                         -- the open one, if any
    closed          timestamptz,                    -- when the last conversation ended
    last_said       text NOT NULL DEFAULT '',       -- key of the last thing we said
    options         text NOT NULL DEFAULT '',       -- ids of the choices offered with it, a line each
    survey_id       bigint,                         -- the survey asked and not yet finished
    flood_since     timestamptz,
    flood_count     integer NOT NULL DEFAULT 0,
    flood_told      boolean NOT NULL DEFAULT false,
    budget_left     integer NOT NULL DEFAULT 0,     -- messages the platform still lets us push
    budget_expires  timestamptz,
    UNIQUE (channel, account, address)
) WITH (fillfactor = 80);

-- Ids of conversations are handed out by the writer in blocks of 64.
CREATE SEQUENCE conversation_ids INCREMENT BY 64;

CREATE TABLE conversations (
    id              bigint PRIMARY KEY,
    contact_id      bigint NOT NULL REFERENCES contacts,
    status          text NOT NULL CHECK (status IN ('bot', 'queued', 'assigned', 'closed')),
    version         integer NOT NULL,
    queue           text NOT NULL,
    priority        integer NOT NULL,
    assignee        integer,
    reoffer         boolean NOT NULL,
    misses          integer NOT NULL,
    opened          timestamptz NOT NULL,
    spoke           timestamptz,
    returned        timestamptz,
    queued          timestamptz,
    assigned        timestamptz,
    waiting_since   timestamptz,
    answered        timestamptz,
    reminded        timestamptz,
    told            timestamptz,
    closed          timestamptz,
    wrapup          text NOT NULL,
    first_seq       bigint NOT NULL                 -- its first message in the contact's thread
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX conversations_one_open ON conversations (contact_id) WHERE closed IS NULL;
CREATE INDEX conversations_of_contact ON conversations (contact_id, id);
CREATE INDEX conversations_with_people ON conversations (status, queue) WHERE status IN ('queued', 'assigned');
CREATE INDEX conversations_of_assignee ON conversations (assignee, closed);
CREATE INDEX conversations_closed ON conversations (closed) WHERE closed IS NOT NULL;

-- The thread of a contact, over all conversations and both directions.
CREATE TABLE messages (
    contact_id      bigint NOT NULL,
    seq             bigint NOT NULL,
    conversation_id bigint,
    sender          text NOT NULL CHECK (sender IN ('contact', 'bot', 'agent', 'system', 'note')),
    agent           integer,
    kind            text NOT NULL DEFAULT 'text',
    text            text NOT NULL,
    choices         jsonb,                          -- [[id, label], …]
    sent_at         timestamptz NOT NULL,
    PRIMARY KEY (contact_id, seq)
);
CREATE INDEX messages_of_conversation ON messages (conversation_id, seq);

-- What has been taken in, by the source's own id: the dedupe, and what was answered. Kept 30 days.
CREATE TABLE intake (
    contact_id      bigint NOT NULL,
    source_id       text NOT NULL,
    seq             bigint NOT NULL,                -- the message stored, 0 where none was
    reply_from      bigint NOT NULL,                -- first reply, 0 where none was
    reply_to        bigint NOT NULL,
    outbox_id       bigint,                         -- the offered passive reply
    refused         text,                           -- why an act changed nothing
    taken           timestamptz NOT NULL,
    PRIMARY KEY (contact_id, source_id)
);
CREATE INDEX intake_taken ON intake USING brin (taken);

-- The ledger: every limit that runs, ran out or was kept. Derived from the marks of its subject, never written by hand.
CREATE SEQUENCE deadline_ids INCREMENT BY 64;
CREATE TABLE deadlines (
    id              bigint PRIMARY KEY,
    contact_id      bigint NOT NULL,
    subject         text NOT NULL,
    subject_id      bigint NOT NULL,
    clause          text NOT NULL,
    generation      integer NOT NULL DEFAULT 1,
    opened          timestamptz NOT NULL,
    due             timestamptz NOT NULL,
    steps           timestamptz[] NOT NULL,         -- the warnings, then the due time
    step            integer NOT NULL DEFAULT 0,     -- how many of them have fired
    next_at         timestamptz,                    -- the next one; null when all have fired or the deadline has ended
    warned          timestamptz,
    breached        timestamptz,
    met             timestamptz,                    -- the mark that ended it
    voided          timestamptz                     -- it no longer applies (closed, handed back, re-based away)
) WITH (fillfactor = 80);
CREATE INDEX deadlines_open ON deadlines (subject, subject_id) WHERE met IS NULL AND voided IS NULL;
CREATE INDEX deadlines_next ON deadlines (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX deadlines_breached ON deadlines (breached) WHERE breached IS NOT NULL;

-- Messages on their way to a platform. One row carries the replies of one turn.
CREATE SEQUENCE outbox_ids INCREMENT BY 64;
CREATE TABLE outbox (
    id              bigint PRIMARY KEY,
    contact_id      bigint NOT NULL,
    from_seq        bigint NOT NULL,
    to_seq          bigint NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('bot', 'agent', 'system', 'survey')),
    state           text NOT NULL CHECK (state IN ('offered', 'queued', 'sending', 'sent', 'failed', 'in_doubt', 'dropped')),
    created         timestamptz NOT NULL,
    due             timestamptz NOT NULL,           -- not before this
    lease           timestamptz,                    -- until when a sender may be at it
    attempts        integer NOT NULL DEFAULT 0,
    provider_id     text,
    error           text,
    ended           timestamptz
) WITH (fillfactor = 70);
CREATE INDEX outbox_waiting ON outbox (due) WHERE state IN ('offered', 'queued', 'sending');
CREATE INDEX outbox_of_contact ON outbox (contact_id, from_seq) WHERE state IN ('queued', 'sending');
CREATE INDEX outbox_dead ON outbox (id) WHERE state IN ('failed', 'in_doubt');

CREATE TABLE agents (
    id              integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    login           text NOT NULL UNIQUE,
    name            text NOT NULL,
    password_hash   text NOT NULL,
    role            text NOT NULL CHECK (role IN ('agent', 'leader', 'admin')),
    team            text NOT NULL DEFAULT '',
    skills          text[] NOT NULL DEFAULT '{}',
    capacity        integer NOT NULL DEFAULT 5 CHECK (capacity >= 0),
    language        text NOT NULL DEFAULT 'zh',
    presence        text NOT NULL DEFAULT 'offline' CHECK (presence IN ('online', 'busy', 'break', 'offline')),
    presence_since  timestamptz NOT NULL DEFAULT clock_timestamp(),
    failed_logins   integer NOT NULL DEFAULT 0,
    locked_until    timestamptz,
    created         timestamptz NOT NULL DEFAULT clock_timestamp(),
    disabled        boolean NOT NULL DEFAULT false
);

CREATE TABLE agent_sessions (
    token_hash      bytea PRIMARY KEY,
    agent_id        integer NOT NULL REFERENCES agents ON DELETE CASCADE,
    csrf            text NOT NULL,
    created         timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires         timestamptz NOT NULL
);

CREATE TABLE queues (
    id              text PRIMARY KEY,
    name_zh         text NOT NULL,
    name_en         text NOT NULL,
    skill           text NOT NULL DEFAULT '',       -- required of an agent; '' for none
    priority        integer NOT NULL DEFAULT 0,
    longest         integer NOT NULL DEFAULT 200    -- at most this many wait
);

-- What is put before people at the desk.
CREATE TABLE alerts (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    audience        text NOT NULL CHECK (audience IN ('agent', 'leader')),
    agent_id        integer,
    kind            text NOT NULL,
    contact_id      bigint,
    conversation_id bigint,
    raised          timestamptz NOT NULL,
    seen            timestamptz
);
CREATE INDEX alerts_unseen ON alerts (audience, agent_id, id) WHERE seen IS NULL;

CREATE TABLE questions (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    contact_id      bigint NOT NULL,
    conversation_id bigint,
    kind            text NOT NULL CHECK (kind IN ('gap', 'follow_up', 'overnight')),
    text            text NOT NULL,
    asked           timestamptz NOT NULL,
    answered        timestamptz,
    answered_by     integer,
    answer          text
);
CREATE INDEX questions_open ON questions (kind, asked) WHERE answered IS NULL;

CREATE TABLE surveys (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    contact_id      bigint NOT NULL,
    conversation_id bigint NOT NULL UNIQUE,
    agent_id        integer NOT NULL,
    ended           timestamptz NOT NULL,           -- the service that it asks about
    requested       timestamptz,                    -- given to the job that sends it
    deferred        timestamptz,                    -- waits for the end of a later chat
    asked           timestamptz,
    skipped         timestamptz,                    -- a later service is asked about instead
    scored          timestamptz,
    stars           integer CHECK (stars BETWEEN 1 AND 5),
    score           integer CHECK (score BETWEEN 0 AND 100),
    comment         text,
    token_hash      bytea UNIQUE                    -- of the one-tap page
);
CREATE INDEX surveys_of_contact ON surveys (contact_id, id);
CREATE INDEX surveys_requested ON surveys (requested) WHERE asked IS NULL AND skipped IS NULL AND deferred IS NULL;

CREATE TABLE knowledge (
    id              text PRIMARY KEY,
    category        text NOT NULL DEFAULT '',
    question        text NOT NULL,
    variants        text[] NOT NULL DEFAULT '{}',
    answer          text NOT NULL,
    hot             boolean NOT NULL DEFAULT false,
    published       boolean NOT NULL DEFAULT true,
    updated         timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Counted up by each publication; every process compares it with what its index was built from.
CREATE TABLE publications (
    subject         text PRIMARY KEY,
    version         bigint NOT NULL DEFAULT 1
);
INSERT INTO publications (subject) VALUES ('knowledge'), ('standard');

CREATE TABLE standards (
    id              integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    text            text NOT NULL,                  -- TOML as `router.standard.parse` reads it
    effective_from  timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE web_sessions (
    token_hash      bytea PRIMARY KEY,
    channel         text NOT NULL,
    account         text NOT NULL,
    address         text NOT NULL,
    created         timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires         timestamptz NOT NULL
);

CREATE TABLE canned_replies (
    key             text PRIMARY KEY,
    title           text NOT NULL,
    text            text NOT NULL
);

CREATE TABLE wrapups (
    code            text PRIMARY KEY,
    parent          text,
    label_zh        text NOT NULL,
    label_en        text NOT NULL,
    position        integer NOT NULL
);
