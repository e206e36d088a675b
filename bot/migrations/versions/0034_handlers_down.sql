ALTER TABLE agents DROP COLUMN department;
UPDATE agents SET role = 'agent', disabled = true WHERE role = 'handler';
ALTER TABLE agents DROP CONSTRAINT agents_role_check;
ALTER TABLE agents ADD CONSTRAINT agents_role_check
    CHECK (role IN ('agent', 'leader', 'manager', 'trainer', 'admin', 'auditor'));
