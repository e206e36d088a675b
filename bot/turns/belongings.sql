-- want: A platform keeps the file of a message: it is to be fetched.
INSERT INTO files (id, state, channel, account, address, contact_id, seq, ref, name, type, size, due, created)
SELECT n.id, 'wanted', c.channel, c.account, c.address, n.contact_id, n.seq, n.ref, n.name, n.type, n.size, n.at, n.at
FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::bigint[],
    $8::timestamptz[]) AS n (id, contact_id, seq, ref, name, type, size, at)
JOIN contacts c ON c.id = n.contact_id

-- take: A message carries a file that its author has uploaded before, and no other message carries.
UPDATE files f SET contact_id = n.contact_id, seq = n.seq
FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::int[]) AS n (id, contact_id, seq, agent)
JOIN contacts c ON c.id = n.contact_id
WHERE f.id = n.id AND f.seq IS NULL AND f.state = 'stored' AND f.agent IS NOT DISTINCT FROM n.agent
  AND (f.channel, f.account, f.address) = (c.channel, c.account, c.address)
