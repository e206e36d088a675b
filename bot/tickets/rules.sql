-- published: The rules that were published last.
SELECT text FROM ticket_rules ORDER BY id DESC LIMIT 1

-- lock: One publishes at a time.
LOCK TABLE ticket_rules IN SHARE ROW EXCLUSIVE MODE

-- add: Publish rules.
INSERT INTO ticket_rules (text) VALUES ($1)

-- needed: Departments with which open tickets or people are.
SELECT DISTINCT department FROM (
    SELECT department FROM tickets WHERE archived IS NULL
    UNION ALL SELECT department FROM agents WHERE NOT disabled
) AS needed
WHERE department <> '' AND department <> ALL($1::text[])
ORDER BY department
