-- open: The open chat of a contact's customer.
SELECT id, version FROM conversations WHERE contact_id = $1 AND closed IS NULL
