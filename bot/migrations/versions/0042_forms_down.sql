DELETE FROM business_steps WHERE agent_id IS NULL;
ALTER TABLE business_steps ALTER COLUMN agent_id SET NOT NULL;
ALTER TABLE business_requests DROP COLUMN call, DROP COLUMN call_due, DROP COLUMN call_attempts, DROP COLUMN call_error;
DROP TABLE challenge_tries;
ALTER TABLE crm_records DROP COLUMN id_tail;
DELETE FROM publications WHERE subject = 'forms';
DROP TABLE forms;
