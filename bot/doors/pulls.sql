-- note: The platform has called about a list.
INSERT INTO pulls (channel, account, source, token, noted) VALUES ($1, $2, $3, $4, clock_timestamp())
ON CONFLICT (channel, account, source) DO UPDATE SET token = excluded.token, noted = excluded.noted

-- learn: There are these lists.
INSERT INTO pulls (channel, account, source) SELECT $1, $2, unnest($3::text[])
ON CONFLICT (channel, account, source) DO NOTHING

-- pending: The lists that were called about since they were read, or that were not read for a while.
SELECT source, cursor, created, token, noted FROM pulls
WHERE (channel, account) = ($1, $2)
  AND (noted > coalesce(read, '-infinity') OR looked IS NULL OR looked <= statement_timestamp() - make_interval(secs => $3))
ORDER BY noted NULLS LAST, source

-- finished: A list was read to its end, with all that had been called about when the reading began.
UPDATE pulls SET read = $4, looked = clock_timestamp() WHERE (channel, account, source) = ($1, $2, $3)
