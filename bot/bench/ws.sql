-- add_sessions: Sessions of visitors.
INSERT INTO web_sessions (token_hash, channel, account, address, expires)
SELECT token_hash, 'web', 'demo', address, clock_timestamp() + interval '1 day'
FROM unnest($1::bytea[], $2::text[]) AS n (token_hash, address);

-- add_contact: A visitor who has written.
INSERT INTO contacts (channel, account, address) VALUES ('web', 'demo', $1);

-- say: One more message of an agent in a visitor's thread, as another process would have stored it; the contact's row number.
WITH contact AS (
    UPDATE contacts SET seq = seq + 1 WHERE channel = 'web' AND account = 'demo' AND address = $1 RETURNING id, seq
)
INSERT INTO messages (contact_id, seq, sender, text, sent_at)
SELECT id, seq, 'agent', $2, clock_timestamp() FROM contact
RETURNING contact_id;
