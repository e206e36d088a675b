CREATE TABLE routings (
    id              integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    text            text NOT NULL,                  -- TOML as `router.routing.parse` reads it
    published       timestamptz NOT NULL DEFAULT clock_timestamp()
);
INSERT INTO publications (subject) VALUES ('routing');

-- The queues of the published routing; who lacks what one requires never sees what waits there.
ALTER TABLE queues ADD COLUMN required text[] NOT NULL DEFAULT '{}';
UPDATE queues SET required = ARRAY[skill] WHERE skill <> '';
ALTER TABLE queues DROP COLUMN skill;
INSERT INTO queues (id, name_zh, name_en, longest, required) VALUES
    ('service', '综合客服', 'Customer service', 200, '{}'), ('broadband', '宽带专席', 'Broadband desk', 100, '{}')
ON CONFLICT (id) DO NOTHING;
