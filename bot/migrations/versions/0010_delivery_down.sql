DROP TABLE disclosures, outbox_acts, account_troubles, account_states;
DROP FUNCTION refuse_change;
ALTER TABLE alerts DROP COLUMN about;
