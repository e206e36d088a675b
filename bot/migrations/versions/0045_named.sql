-- Whom the notes of a conversation name: asked at every look at it.
CREATE INDEX mentions_of ON mentions (conversation_id);
