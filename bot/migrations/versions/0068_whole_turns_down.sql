DROP TYPE kept_turn;
