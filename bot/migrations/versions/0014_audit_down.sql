CREATE TABLE disclosures (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    agent_id        integer NOT NULL,
    what            text NOT NULL,
    contact_id      bigint NOT NULL,
    reason          text NOT NULL,
    at              timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX disclosures_of_contact ON disclosures (contact_id, id);
CREATE TRIGGER disclosures_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON disclosures
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
INSERT INTO disclosures (agent_id, what, contact_id, reason, at)
SELECT agent_id, detail, split_part(what, ':', 2)::bigint, reason, at FROM audit
WHERE deed = 'disclose' AND what LIKE 'contact:%' ORDER BY id;
DROP TABLE audit, audit_head;
DROP FUNCTION refuse_all_but_sealing;
