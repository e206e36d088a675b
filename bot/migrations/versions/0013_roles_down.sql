UPDATE agents SET role = 'agent', disabled = true WHERE role IN ('manager', 'trainer', 'auditor');
ALTER TABLE agents DROP CONSTRAINT agents_role_check;
ALTER TABLE agents ADD CONSTRAINT agents_role_check CHECK (role IN ('agent', 'leader', 'admin'));
