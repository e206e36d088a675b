-- units: Every unit by its name and by all names from below the headquarters down.
SELECT id, name, full_name FROM unit_regions

-- outlets: The outlets by their ids.
SELECT id FROM outlets

-- clear: Months are imported anew.
DELETE FROM mystery_visits WHERE month = ANY($1)

-- add: Visits, in the order of the file.
INSERT INTO mystery_visits (month, unit_id, outlet, channel, score, given, remark)
SELECT * FROM unnest($1::date[], $2::integer[], $3::text[], $4::text[], $5::integer[], $6::text[], $7::text[])
