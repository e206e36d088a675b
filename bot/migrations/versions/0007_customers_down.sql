DROP TABLE phone_codes, joins, identities;
ALTER TABLE conversations DROP COLUMN merged_into, DROP COLUMN last_used;
ALTER TABLE contacts DROP COLUMN customer_id;
DROP TABLE customers;
