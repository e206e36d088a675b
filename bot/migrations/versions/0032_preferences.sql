-- How people want their desk: keys, sounds, notifications. A row is written with the first choice.
CREATE TABLE agent_preferences (
    agent_id bigint PRIMARY KEY REFERENCES agents (id) ON DELETE CASCADE,
    chosen jsonb NOT NULL
);
