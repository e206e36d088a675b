CREATE FUNCTION pairs(said text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(substr(t, n, 2)), '{}')
    FROM (SELECT left(lower(translate(said, E' \t\r\n', '')), 400) AS t) AS whole,
         generate_series(1, greatest(length(t) - 1, 1)) AS n
$$;
CREATE INDEX tickets_searched ON tickets USING gin (pairs(text));
CREATE INDEX tickets_due ON tickets (next_due, id);
DROP TRIGGER tickets_said ON tickets;
DROP FUNCTION keep_ticket_text();
DROP TABLE ticket_texts;
DROP FUNCTION grams(text);
DROP FUNCTION plain(text);
