-- Why, such as a code of `break_reasons`, and the leader who set it where the agent has not chosen it.
ALTER TABLE agents ADD COLUMN presence_reason text NOT NULL DEFAULT '', ADD COLUMN presence_by integer;
ALTER TABLE agents DROP CONSTRAINT agents_presence_check;
ALTER TABLE agents ADD CONSTRAINT agents_presence_check
    CHECK (presence IN ('online', 'busy', 'break', 'training', 'offline'));

CREATE TABLE break_reasons (
    code            text PRIMARY KEY,
    label_zh        text NOT NULL,
    label_en        text NOT NULL,
    position        integer NOT NULL DEFAULT 0
);
INSERT INTO break_reasons VALUES ('meal', '用餐', 'Meal', 1), ('rest', '休息', 'Rest', 2), ('meeting', '会议', 'Meeting', 3),
    ('other', '其他', 'Other', 4);

-- What everyone has been, from each moment to the next; written by the change itself, whoever makes it.
CREATE TABLE presences (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    agent_id        integer NOT NULL,
    presence        text NOT NULL,
    reason          text NOT NULL,
    by_agent        integer,                        -- the leader who set it
    since           timestamptz NOT NULL
);
CREATE INDEX presences_of_agent ON presences (agent_id, since);
CREATE FUNCTION keep_presence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO presences (agent_id, presence, reason, by_agent, since)
    VALUES (NEW.id, NEW.presence, NEW.presence_reason, NEW.presence_by, NEW.presence_since);
    RETURN NULL;
END $$;
CREATE TRIGGER agents_presence AFTER UPDATE OF presence, presence_reason ON agents FOR EACH ROW
    WHEN ((OLD.presence, OLD.presence_reason) IS DISTINCT FROM (NEW.presence, NEW.presence_reason))
    EXECUTE FUNCTION keep_presence();
