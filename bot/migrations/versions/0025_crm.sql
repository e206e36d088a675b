-- What the operator's CRM knows of customers: taken from files, or kept of what another CRM has told.
CREATE TABLE crm_records (
    number          text PRIMARY KEY,               -- the operator's own number of the customer
    phone           bytea,                          -- blind index of the telephone number
    record          jsonb NOT NULL,
    told            timestamptz NOT NULL
);
CREATE INDEX crm_records_by_phone ON crm_records (phone) WHERE phone IS NOT NULL;

-- What routing asks for, brought in line with the record.
ALTER TABLE contacts ADD COLUMN region text NOT NULL DEFAULT '';
ALTER TABLE contacts ADD COLUMN level text NOT NULL DEFAULT '';
