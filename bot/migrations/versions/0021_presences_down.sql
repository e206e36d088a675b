DROP TRIGGER agents_presence ON agents;
DROP FUNCTION keep_presence();
DROP TABLE presences; DROP TABLE break_reasons;
UPDATE agents SET presence = 'break' WHERE presence = 'training';
ALTER TABLE agents DROP CONSTRAINT agents_presence_check;
ALTER TABLE agents ADD CONSTRAINT agents_presence_check CHECK (presence IN ('online', 'busy', 'break', 'offline'));
ALTER TABLE agents DROP COLUMN presence_reason, DROP COLUMN presence_by;
