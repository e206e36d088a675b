-- What tickets are found by stands apart from what changes with each act: an act on a ticket does not index its words anew.
CREATE TABLE ticket_texts (
    ticket_id       bigint PRIMARY KEY REFERENCES tickets ON DELETE CASCADE,
    said            text NOT NULL                   -- the ticket's text, plain
);

-- As texts are compared: one form of each character, small letters of ASCII, no white space.
CREATE FUNCTION plain(said text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT lower(translate(normalize(said, NFKC), E' \t\n\x0B\f\r', '') COLLATE "C")
$$;

-- The pieces of a plain text that an index holds: each character outside ASCII, each two and three characters that stand
-- together, and each four of letters and digits, of which three are too common. It costs too much to be made of many texts
-- instead of asking the index.
CREATE FUNCTION grams(said text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 10000 AS $$
    SELECT coalesce(array_agg(a) FILTER (WHERE a > '~' COLLATE "C"), '{}')
        || coalesce(array_agg(a || b) FILTER (WHERE b IS NOT NULL), '{}')
        || coalesce(array_agg(a || b || c) FILTER (WHERE c IS NOT NULL), '{}')
        || coalesce(array_agg(a || b || c || d) FILTER (WHERE a || b || c || d ~ '^[a-z0-9]{4}$' COLLATE "C"), '{}')
    FROM (
        SELECT a, lead(a, 1) OVER following AS b, lead(a, 2) OVER following AS c, lead(a, 3) OVER following AS d
        FROM unnest(string_to_array(said, NULL)) WITH ORDINALITY AS one (a, n)
        WINDOW following AS (ORDER BY n)
    ) AS pieces
$$;

INSERT INTO ticket_texts SELECT id, plain(text) FROM tickets;
-- Without a list of what is still to be indexed, which each search would read from end to end.
CREATE INDEX ticket_texts_grams ON ticket_texts USING gin (grams(said)) WITH (fastupdate = off);

CREATE FUNCTION keep_ticket_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ticket_texts VALUES (NEW.id, plain(NEW.text))
    ON CONFLICT (ticket_id) DO UPDATE SET said = excluded.said;
    RETURN NULL;
END $$;
CREATE TRIGGER tickets_said AFTER INSERT OR UPDATE OF text ON tickets
    FOR EACH ROW EXECUTE FUNCTION keep_ticket_text();

DROP INDEX tickets_searched;
DROP FUNCTION pairs(text);
DROP INDEX tickets_due;
