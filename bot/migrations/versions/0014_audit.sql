-- Who did what, on what, when, why and from where. Rows come unchained with the change that they tell of; the worker gives
-- each its place in a chain of hashes, once. Nothing else ever changes here.
CREATE TABLE audit (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at              timestamptz NOT NULL DEFAULT clock_timestamp(),
    agent_id        integer,                        -- empty: on the command line
    who             text NOT NULL,                  -- the log-in, or the account on the command line
    deed            text NOT NULL,
    what            text NOT NULL DEFAULT '',       -- kind and id, such as agent:7 or contact:12
    detail          text NOT NULL DEFAULT '',       -- constant words and values, never what somebody wrote to us
    reason          text NOT NULL DEFAULT '',
    origin          text NOT NULL DEFAULT '',       -- the browser's address, or the command line
    place           bigint UNIQUE,                  -- in the chain, from 1, without gaps
    seal            bytea,                          -- SHA-256 of the seal before and of this row
    CHECK ((place IS NULL) = (seal IS NULL))
);
CREATE INDEX audit_tail ON audit (id) WHERE place IS NULL;
CREATE INDEX audit_of_agent ON audit (agent_id, id);
CREATE INDEX audit_of_deed ON audit (deed, id);

-- How far the chain reaches, so that rows cut off at its end are missed.
CREATE TABLE audit_head (
    one             boolean PRIMARY KEY DEFAULT true CHECK (one),
    place           bigint NOT NULL,
    seal            bytea NOT NULL
);
INSERT INTO audit_head (place, seal) VALUES (0, sha256('huiying audit'));

CREATE FUNCTION refuse_all_but_sealing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.place IS NULL AND NEW.place IS NOT NULL
        AND to_jsonb(OLD) - '{place,seal}'::text[] = to_jsonb(NEW) - '{place,seal}'::text[] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME;
END $$;
CREATE TRIGGER audit_only_sealed BEFORE UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION refuse_all_but_sealing();
CREATE TRIGGER audit_stays BEFORE DELETE OR TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_head_stays BEFORE DELETE OR TRUNCATE ON audit_head FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What was shown unmasked so far moves into the one trail.
INSERT INTO audit (at, agent_id, who, deed, what, detail, reason)
SELECT d.at, d.agent_id, coalesce(a.login, ''), 'disclose', 'contact:' || d.contact_id, d.what, d.reason
FROM disclosures d LEFT JOIN agents a ON a.id = d.agent_id ORDER BY d.id;
DROP TABLE disclosures;
