DROP TABLE business_steps, business_requests;
ALTER TABLE knowledge DROP COLUMN form;
ALTER TABLE contacts DROP COLUMN form;
