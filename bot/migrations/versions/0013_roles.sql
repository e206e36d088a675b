-- Roles of the standard that have pages at the desk; what each may do is written in the code.
ALTER TABLE agents DROP CONSTRAINT agents_role_check;
ALTER TABLE agents ADD CONSTRAINT agents_role_check
    CHECK (role IN ('agent', 'leader', 'manager', 'trainer', 'admin', 'auditor'));
