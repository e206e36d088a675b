-- note: Write down what is about to be shown unmasked.
INSERT INTO disclosures (agent_id, what, contact_id, reason) VALUES ($1, $2, $3, $4)

-- of_question: Whose question it is.
SELECT c.id, c.channel, c.address FROM questions q JOIN contacts c ON c.id = q.contact_id WHERE q.id = $1

-- listed: What was shown unmasked, the latest first.
SELECT d.id, d.at, a.login, d.what, c.channel, c.account, d.contact_id, d.reason
FROM disclosures d
JOIN contacts c ON c.id = d.contact_id
LEFT JOIN agents a ON a.id = d.agent_id
ORDER BY d.id DESC
LIMIT $1
