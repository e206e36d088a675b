-- kept: The customer's number and the keyed hash of the end of their identity number, as the CRM has told.
SELECT r.number, r.id_tail FROM crm_records r
WHERE r.number = (SELECT nullif(number, '') FROM customers WHERE id = $1)
   OR r.phone IN (SELECT i.blind FROM contacts c JOIN identities i ON i.contact_id = c.id
                  WHERE c.customer_id = $1 AND i.kind = 'phone' AND i.withdrawn IS NULL)
ORDER BY r.number <> (SELECT number FROM customers WHERE id = $1)
LIMIT 1

-- wrong: How often a customer has been wrong since a moment.
SELECT count(*) FROM challenge_tries WHERE customer_id = $1 AND at > $2 AND NOT correct

-- note: A customer has tried.
INSERT INTO challenge_tries (customer_id, contact_id, at, correct) VALUES ($1, $2, $3, $4)
