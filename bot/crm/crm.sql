-- put: Take a record in, or bring a known one up to date.
INSERT INTO crm_records (number, phone, record, told, id_tail) VALUES ($1, $2, $3::text::jsonb, $4, $5)
ON CONFLICT (number) DO UPDATE
SET phone = coalesce(excluded.phone, crm_records.phone), record = excluded.record, told = excluded.told,
    id_tail = coalesce(excluded.id_tail, crm_records.id_tail)

-- find: The record of one of our customers: by the operator's number, else by a telephone number they have proved.
SELECT r.record::text AS record, r.told FROM crm_records r
WHERE r.number = (SELECT nullif(number, '') FROM customers WHERE id = $1)
   OR r.phone IN (SELECT i.blind FROM contacts c JOIN identities i ON i.contact_id = c.id
                  WHERE c.customer_id = $1 AND i.kind = 'phone' AND i.withdrawn IS NULL)
ORDER BY r.number <> (SELECT number FROM customers WHERE id = $1)
LIMIT 1

-- number: By what the operator calls one of our customers.
SELECT number FROM customers WHERE id = $1

-- tell: Let routing know the region and level of customers' contacts; those of others are left alone.
UPDATE contacts c SET region = t.region, level = t.level
FROM (
    SELECT c.id, coalesce(r.record->>'region', '') AS region, coalesce(r.record->>'level', '') AS level
    FROM crm_records r
    JOIN customers u ON u.number = r.number
    JOIN contacts c ON c.customer_id = u.id
    WHERE r.number = ANY($1::text[])
    UNION
    SELECT c.id, coalesce(r.record->>'region', ''), coalesce(r.record->>'level', '')
    FROM crm_records r
    JOIN identities i ON i.kind = 'phone' AND i.blind = r.phone AND i.withdrawn IS NULL
    JOIN contacts p ON p.id = i.contact_id
    JOIN contacts c ON c.customer_id = p.customer_id
    WHERE r.number = ANY($1::text[])
) AS t
WHERE c.id = t.id AND (c.region, c.level) IS DISTINCT FROM (t.region, t.level)

-- facts: What the record of a customer means for routing.
SELECT coalesce(r.record->>'region', '') AS region, coalesce(r.record->>'level', '') AS level
FROM crm_records r
WHERE r.number = (SELECT nullif(number, '') FROM customers WHERE id = $1)
   OR r.phone IN (SELECT i.blind FROM contacts c JOIN identities i ON i.contact_id = c.id
                  WHERE c.customer_id = $1 AND i.kind = 'phone' AND i.withdrawn IS NULL)
ORDER BY r.number <> (SELECT number FROM customers WHERE id = $1)
LIMIT 1

-- set_facts: Keep what routing asks for with a contact.
UPDATE contacts SET region = $2, level = $3 WHERE id = $1

-- forgotten: Customers who are here now and of whom the CRM has not been asked for an hour.
SELECT DISTINCT u.id FROM customers u
JOIN contacts c ON c.customer_id = u.id
LEFT JOIN crm_records r ON r.number = u.number
WHERE u.number <> '' AND u.merged_into IS NULL AND c.last_event > statement_timestamp() - interval '10 minutes'
  AND (r.told IS NULL OR r.told < statement_timestamp() - interval '1 hour')
LIMIT $1
