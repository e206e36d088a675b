DROP TABLE duties, shifts;
UPDATE agents SET role = 'agent', disabled = true WHERE role IN ('inspector', 'handler');
ALTER TABLE agents DROP CONSTRAINT agents_role_check;
ALTER TABLE agents ADD CONSTRAINT agents_role_check
    CHECK (role IN ('agent', 'leader', 'manager', 'trainer', 'admin', 'auditor'));
ALTER TABLE agent_sessions DROP COLUMN means;
DROP TABLE oidc_trips, agent_identities;
