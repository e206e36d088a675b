-- People of the responsible departments (clause org.roles): each sees the inbox of their own.
ALTER TABLE agents DROP CONSTRAINT agents_role_check;
ALTER TABLE agents ADD CONSTRAINT agents_role_check
    CHECK (role IN ('agent', 'leader', 'manager', 'trainer', 'admin', 'auditor', 'handler'));
ALTER TABLE agents ADD COLUMN department text NOT NULL DEFAULT '';
CREATE INDEX agents_of_department ON agents (department) WHERE department <> '';
