-- On which chats with the bot somebody should look in, and since when; a mark counts until people have come in.
CREATE TABLE snags (
    conversation_id bigint NOT NULL,
    kind            text NOT NULL,
    raised          timestamptz NOT NULL,
    PRIMARY KEY (conversation_id, kind)
);
CREATE INDEX snags_raised ON snags (raised);

-- What the bot talks about now; the key changes with the status alone, so that a customer's next word costs nothing here.
CREATE INDEX conversations_with_bot ON conversations (id) WHERE status = 'bot';

-- What a leader says to whoever serves, within the customer's thread: shown to the two of them and to those who lead.
CREATE TABLE whispers (
    contact_id      bigint NOT NULL,
    seq             bigint NOT NULL,                -- the note in the thread
    to_agent        integer NOT NULL,
    PRIMARY KEY (contact_id, seq)
);

-- Chats that somebody took over by hand, so that they can be given back.
CREATE TABLE take_overs (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    conversation_id bigint NOT NULL,
    agent           integer NOT NULL,
    from_agent      integer NOT NULL,
    taken           timestamptz NOT NULL
);
CREATE INDEX take_overs_of_conversation ON take_overs (conversation_id, id);

-- Why a leader gives a chat to somebody else.
CREATE TABLE reassign_reasons (
    code            text PRIMARY KEY,
    label_zh        text NOT NULL,
    label_en        text NOT NULL,
    position        integer NOT NULL DEFAULT 0
);
INSERT INTO reassign_reasons VALUES ('late', '快要超时', 'About to breach', 1), ('load', '坐席手上太多', 'Too much in hand', 2),
    ('skill', '需要其他技能', 'Needs another skill', 3), ('absent', '坐席不在', 'Agent is away', 4),
    ('customer', '客户要求换人', 'The customer asked for it', 5), ('other', '其他', 'Other', 6);

-- How the desk of this operator behaves, by name.
CREATE TABLE desk_settings (
    name            text PRIMARY KEY,
    value           text NOT NULL
);
INSERT INTO desk_settings VALUES ('watching', 'told');
