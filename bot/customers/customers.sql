-- hold_customers: Lock customers, so that nobody joins or leaves; those that another flush holds are left out.
SELECT id FROM customers WHERE id = ANY($1::bigint[]) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED

-- siblings: The contacts of customers, each with the contact that its open conversation belongs to.
SELECT c.id, c.customer_id, v.id AS conversation_id, v.contact_id AS host
FROM contacts c LEFT JOIN conversations v ON v.id = c.conversation_id
WHERE c.customer_id = ANY($1::bigint[])

-- holder: The customer whose contacts have proved this.
SELECT c.customer_id FROM identities i JOIN contacts c ON c.id = i.contact_id
WHERE i.kind = $1 AND i.blind = $2 AND i.withdrawn IS NULL AND c.customer_id IS NOT NULL
LIMIT 1

-- proofs_of_customers: What the contacts of customers have proved.
SELECT i.contact_id, i.kind, encode(i.blind, 'hex') AS value
FROM contacts c JOIN identities i ON i.contact_id = c.id
WHERE c.customer_id = ANY($1::bigint[]) AND i.withdrawn IS NULL

-- add_customer: A customer who has not been known before.
INSERT INTO customers (created) VALUES ($1) RETURNING id

-- merge_customers: Customers that turned out to be one, and the operator's number of who they are.
WITH merged AS (
    UPDATE customers SET merged_into = $2 WHERE id = ANY($1::bigint[])
    RETURNING number
)
UPDATE customers
SET number = coalesce(nullif(number, ''), nullif($3::text, ''), (SELECT max(number) FROM merged), '')
WHERE id = $2

-- add_identity: Keep what a contact has proved.
INSERT INTO identities (contact_id, kind, blind, shown, means, verified) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (contact_id, kind, blind) WHERE withdrawn IS NULL
DO UPDATE SET verified = excluded.verified, means = excluded.means

-- withdraw: What a contact has proved counts no longer.
UPDATE identities SET withdrawn = $3, withdrawn_by = $4
WHERE contact_id = $1 AND kind = ANY($2::text[]) AND withdrawn IS NULL

-- move_contacts: Put contacts behind a customer, or behind none.
UPDATE contacts SET customer_id = $2 WHERE id = ANY($1::bigint[])

-- add_joins: Contacts stand for a customer from now on.
INSERT INTO joins (customer_id, contact_id, joined, why) SELECT $2, id, $3, $4 FROM unnest($1::bigint[]) AS n (id)

-- end_joins: Contacts stand for their customer no longer.
UPDATE joins SET unjoined = $2, unjoined_by = $3, unjoin_why = $4 WHERE contact_id = ANY($1::bigint[]) AND unjoined IS NULL

-- save_shared: Where the answers of shared conversations go, and which conversation took which in.
UPDATE conversations v SET last_used = n.last_used, merged_into = n.taker
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS n (id, last_used, taker)
WHERE v.id = n.id

-- codes_sent: How many codes have lately gone to a number, and to whom a contact has named.
SELECT count(*) FILTER (WHERE blind = $2 AND sent > $3::timestamptz - interval '1 hour') AS hour,
       count(*) FILTER (WHERE contact_id = $1 AND sent > $3::timestamptz - interval '1 hour') AS hour_of_contact,
       greatest(count(*) FILTER (WHERE blind = $2), count(*) FILTER (WHERE contact_id = $1)) AS day,
       max(sent) AS last
FROM phone_codes
WHERE (contact_id = $1 OR blind = $2) AND sent > $3::timestamptz - interval '1 day'

-- add_code: A code is on its way; those before it are good no more.
WITH earlier AS (
    UPDATE phone_codes SET used = $5 WHERE contact_id = $1 AND used IS NULL
)
INSERT INTO phone_codes (contact_id, blind, shown, code_hash, sent, expires) VALUES ($1, $2, $3, $4, $5, $6)

-- latest_code: The code that was sent to a contact last and not used.
SELECT id, blind, shown, code_hash, expires, tries FROM phone_codes
WHERE contact_id = $1 AND used IS NULL ORDER BY sent DESC LIMIT 1

-- note_try: A code has been tried; used where it was right.
UPDATE phone_codes SET tries = tries + 1, used = $2 WHERE id = $1

-- skip_surveys: A customer is asked about the latest service only, whichever contact it went through.
UPDATE surveys SET skipped = $2
WHERE contact_id = ANY($1::bigint[]) AND conversation_id <> $3 AND asked IS NULL AND skipped IS NULL
RETURNING id, contact_id

-- keep_latest_survey: Of the surveys that wait for their time, a customer is asked the latest.
UPDATE surveys SET skipped = $2
WHERE contact_id = ANY($1::bigint[]) AND asked IS NULL AND skipped IS NULL AND id <> (
    SELECT id FROM surveys WHERE contact_id = ANY($1::bigint[]) AND asked IS NULL AND skipped IS NULL
    ORDER BY ended DESC, id DESC LIMIT 1)
RETURNING id, contact_id

-- release_surveys: The chat of a customer is over: what waited for its end may be asked.
UPDATE surveys SET deferred = NULL, requested = $2
WHERE contact_id = ANY($1::bigint[]) AND deferred IS NOT NULL AND asked IS NULL AND skipped IS NULL
RETURNING id

-- recognised: Whether a contact has proved this before; a proof that somebody at the desk took back is not taken again.
SELECT EXISTS (
    SELECT 1 FROM contacts c JOIN identities i ON i.contact_id = c.id
    WHERE c.channel = $1 AND c.account = $2 AND c.address = $3 AND i.kind = $4 AND i.blind = $5
      AND (i.withdrawn IS NULL OR i.withdrawn_by IS NOT NULL))
