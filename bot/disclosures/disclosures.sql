-- of_question: Whose question it is.
SELECT c.id, c.channel, c.address FROM questions q JOIN contacts c ON c.id = q.contact_id WHERE q.id = $1
