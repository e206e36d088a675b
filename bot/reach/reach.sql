-- of: How far a contact's thread has got.
SELECT r.delivered, r.read, r.heard
FROM reach r
JOIN contacts c ON c.id = r.contact_id
WHERE c.channel = $1 AND c.account = $2 AND c.address = $3;

-- note: Store what devices tell, never backwards nor beyond the end of a thread; the rows that changed.
INSERT INTO reach AS r (contact_id, delivered, read)
SELECT c.id, least(t.delivered, c.seq), least(t.read, c.seq)
FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[]) AS t (channel, account, address, delivered, read)
JOIN contacts c USING (channel, account, address)
ORDER BY c.id
ON CONFLICT (contact_id) DO UPDATE
SET delivered = greatest(r.delivered, excluded.delivered), read = greatest(r.read, excluded.read)
WHERE r.delivered < excluded.delivered OR r.read < excluded.read
RETURNING contact_id;

-- hear: Store up to where the desk has seen a thread, never backwards; nothing where it had been seen before.
INSERT INTO reach AS r (contact_id, heard) VALUES ($1, $2)
ON CONFLICT (contact_id) DO UPDATE SET heard = excluded.heard WHERE r.heard < excluded.heard
RETURNING contact_id;

-- last: The number of a contact's last message to us, 0 where there is none.
SELECT coalesce((SELECT seq FROM messages WHERE contact_id = $1 AND sender = 'contact' ORDER BY seq DESC LIMIT 1), 0);

-- at: How far the thread of a contact has got, by the contact's number.
SELECT delivered, read, heard FROM reach WHERE contact_id = $1;

-- unread: How many messages to the contact lie behind the last one read.
SELECT count(*)
FROM contacts c
JOIN messages m ON m.contact_id = c.id
WHERE c.channel = $1 AND c.account = $2 AND c.address = $3 AND m.sender NOT IN ('contact', 'note')
  AND m.seq > coalesce((SELECT r.read FROM reach r WHERE r.contact_id = c.id), 0);
