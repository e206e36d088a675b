-- said: What people said last in a conversation, as far as it may be said again by mistake.
SELECT text FROM messages
WHERE conversation_id = $1 AND sender = 'agent' AND kind = 'text' AND sent_at > statement_timestamp() - interval '5 minutes'
ORDER BY sent_at DESC, seq DESC LIMIT 1
