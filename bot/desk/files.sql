-- conversations_of: In which conversations of its contact a file stands in the thread, the latest first.
SELECT v.id
FROM files f
JOIN messages m ON m.contact_id = f.contact_id AND m.seq = f.seq
JOIN conversations v ON v.contact_id = f.contact_id AND (v.id = m.conversation_id OR v.first_seq > m.seq)
WHERE f.id = $1
ORDER BY v.id DESC
LIMIT 50
