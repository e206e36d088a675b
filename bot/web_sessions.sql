-- open: Store a session under the hash of its token, for 180 days.
INSERT INTO web_sessions (token_hash, channel, account, address, expires)
VALUES ($1, $2, $3, $4, clock_timestamp() + interval '180 days');

-- find: The session of a token that has not lapsed; one that was last prolonged over a day ago is prolonged.
WITH prolonged AS (
    UPDATE web_sessions SET expires = clock_timestamp() + interval '180 days'
    WHERE token_hash = $1 AND expires > statement_timestamp() AND expires < statement_timestamp() + interval '179 days'
)
SELECT channel, account, address FROM web_sessions WHERE token_hash = $1 AND expires > statement_timestamp();

-- end: Forget the session of a token; the contact whose it was, if it has a row.
WITH ended AS (
    DELETE FROM web_sessions WHERE token_hash = $1 RETURNING channel, account, address
)
SELECT c.id FROM ended JOIN contacts c USING (channel, account, address);

-- end_all: Forget all sessions of a contact.
WITH ended AS (
    DELETE FROM web_sessions WHERE channel = $1 AND account = $2 AND address = $3 RETURNING channel, account, address
)
SELECT c.id FROM ended JOIN contacts c USING (channel, account, address) LIMIT 1;

-- agree: Keep what the holder of a session agreed to, and when; agreeing again to the same changes nothing.
UPDATE web_sessions
SET agreed = CASE WHEN agreed IS NULL OR agreed_to <> $2 THEN clock_timestamp() ELSE agreed END, agreed_to = $2
WHERE token_hash = $1 AND expires > statement_timestamp()
RETURNING true;
