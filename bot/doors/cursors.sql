-- advance: Move cursors on from where their readers found them.
UPDATE pulls p SET cursor = n.after
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) AS n (channel, account, source, before, after)
WHERE (p.channel, p.account, p.source) = (n.channel, n.account, n.source) AND p.cursor = n.before
