-- published: What the bot may answer with.
SELECT id, category, question, variants, answer, hot, form FROM knowledge WHERE published ORDER BY id

-- versions: How often each subject has been published.
SELECT subject, version, clock_timestamp() AS now FROM publications

-- publish: Another edition of a subject is out.
INSERT INTO publications (subject) VALUES ($1)
ON CONFLICT (subject) DO UPDATE SET version = publications.version + 1
RETURNING version

-- put: Add or change an entry.
INSERT INTO knowledge (id, category, question, variants, answer, hot, form, published)
VALUES ($1, $2, $3, $4, $5, $6, $7, true)
ON CONFLICT (id) DO UPDATE
SET category = excluded.category, question = excluded.question, variants = excluded.variants,
    answer = excluded.answer, hot = excluded.hot, form = excluded.form, published = true, updated = clock_timestamp()

-- withdraw: Take an entry out of the bot's answers.
UPDATE knowledge SET published = false, updated = clock_timestamp() WHERE id = $1 AND published RETURNING id
