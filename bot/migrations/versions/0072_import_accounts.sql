-- The hotline account on which the customers of a file are found or begin; empty until it is wanted.
ALTER TABLE ticket_imports ADD COLUMN account text NOT NULL DEFAULT '';
