-- What a ticket is about beside its description, as it was read out of the chat and looked over.
ALTER TABLE tickets
    ADD COLUMN about_number text NOT NULL DEFAULT '',   -- a telephone number or an account; masked without a reason
    ADD COLUMN about_place  text NOT NULL DEFAULT '',   -- an address; masked without a reason
    ADD COLUMN about_day    date,                       -- in the operator's zone
    ADD COLUMN about_time   text NOT NULL DEFAULT '';   -- HH:MM
