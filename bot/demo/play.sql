-- contact: The contact at an address.
SELECT id FROM contacts WHERE channel = $1 AND account = $2 AND address = $3

-- version: The version of the open chat of a contact's customer.
SELECT version FROM conversations WHERE contact_id = $1 AND closed IS NULL
