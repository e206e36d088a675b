DROP TYPE kept_exchange, kept_words, kept_talk, kept_move;
