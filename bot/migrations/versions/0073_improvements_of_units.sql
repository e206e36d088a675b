-- A topic may grow in one province alone. A week is looked at once, so nothing is opened twice.
ALTER TABLE improvements ADD COLUMN unit_id integer REFERENCES units ON DELETE SET NULL; -- the province; NULL: the whole operator
ALTER TABLE improvements DROP CONSTRAINT improvements_week_cause_business_key;

-- Which improvement an alert is about, so that those hear of it whom it concerns.
ALTER TABLE alerts ADD COLUMN improvement_id bigint;

-- Whether an improvement concerns somebody who leads all below a path: one that somebody has, whoever leads its owner; one
-- that is nobody's, everybody, or those in and above the province in which its topic grew.
CREATE FUNCTION improvement_concerns(improvement bigint, scope text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(starts_with(coalesce(o.path, p.path, scope), scope) OR (i.owner IS NULL AND starts_with(scope, p.path)), false)
    FROM improvements i
    LEFT JOIN agents a ON a.id = i.owner
    LEFT JOIN units o ON o.id = a.unit_id
    LEFT JOIN units p ON p.id = i.unit_id
    WHERE i.id = improvement
$$;
