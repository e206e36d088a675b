DROP TABLE transfers;
ALTER TABLE conversations DROP COLUMN offer_to, DROP COLUMN offer_until, DROP COLUMN offer_by, DROP COLUMN offer_hops, DROP COLUMN offer_passed;
