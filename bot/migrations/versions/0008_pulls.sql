-- Lists of events that platforms keep for us until we fetch them: how far each has been read, and what calls for a look.
CREATE TABLE pulls (
    channel         text NOT NULL,
    account         text NOT NULL,
    source          text NOT NULL,                  -- the platform's name for the list
    cursor          text NOT NULL DEFAULT '',       -- where to read on; moved in the transaction of what was read
    token           text NOT NULL DEFAULT '',       -- what the last call of the platform gave us for reading
    noted           timestamptz,                    -- when the platform called
    read            timestamptz,                    -- what had been noted when the list was last read to its end
    looked          timestamptz,                    -- when it was last read to its end
    created         timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (channel, account, source)
);

-- What a message goes with where it costs no budget: the voucher of the event that it answers, or the session's end.
ALTER TABLE outbox ADD COLUMN voucher text;
ALTER TABLE outbox ADD COLUMN voucher_until timestamptz;
ALTER TABLE outbox ADD COLUMN ends boolean NOT NULL DEFAULT false;
