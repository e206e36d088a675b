-- due: What is to be asked now, with the token of its page, unless it was asked, deferred or passed over meanwhile.
UPDATE surveys s SET token_hash = $2
FROM agents a
WHERE s.id = $1 AND a.id = s.agent_id
  AND s.requested IS NOT NULL AND s.asked IS NULL AND s.skipped IS NULL AND s.deferred IS NULL
RETURNING s.contact_id, s.requested, a.name AS agent

-- forgotten: Surveys requested a while ago that no job has dealt with.
SELECT id FROM surveys
WHERE asked IS NULL AND skipped IS NULL AND deferred IS NULL
  AND requested < statement_timestamp() - make_interval(secs => $1)
ORDER BY requested
LIMIT $2

-- by_token: The survey that a page's token opens, and whom it asks.
SELECT s.id, s.scored, s.stars, s.comment, s.questionnaire, a.name AS agent, c.channel, c.account, c.address,
       s.asked < statement_timestamp() - make_interval(secs => $2) AS expired
FROM surveys s
JOIN agents a ON a.id = s.agent_id
JOIN contacts c ON c.id = s.contact_id
WHERE s.token_hash = $1 AND s.asked IS NOT NULL
