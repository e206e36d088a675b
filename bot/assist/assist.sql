-- said: The last words of a conversation, in order.
SELECT sender, text FROM (
    SELECT sender, text, sent_at, seq FROM messages
    WHERE conversation_id = $1 AND sender IN ('contact', 'agent', 'bot') AND kind = 'text'
    ORDER BY sent_at DESC, seq DESC LIMIT 20
) m ORDER BY sent_at, seq
