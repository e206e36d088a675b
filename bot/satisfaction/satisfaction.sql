-- figures: What became of the surveys of two months, in all and by everything that the analysis compares.
WITH summed AS MATERIALIZED (                          -- far fewer rows than surveys, before they are compared five ways
    SELECT asked >= $3 AS this, business, channel, agent, unit_id,
           count(*) AS asked, count(score) AS answers, sum(score) AS total, count(*) FILTER (WHERE score < $5) AS low,
           count(revisited) AS revisited, count(*) FILTER (WHERE won_back) AS won,
           count(*) FILTER (WHERE solved) AS settled, count(solved) AS settled_of,
           count(*) FILTER (WHERE nps >= 9) AS promoters, count(*) FILTER (WHERE nps <= 6) AS detractors, count(nps) AS nps_of
    FROM survey_outcomes WHERE asked >= $2 AND asked < $4
    GROUP BY 1, 2, 3, 4, 5
), picked AS (
    SELECT s.*, coalesce(r.path, '') AS team,
           coalesce(CASE WHEN $1 = '/' THEN r.province ELSE r.city END, '') AS region
    FROM summed s LEFT JOIN unit_regions r ON r.id = s.unit_id
    WHERE starts_with(coalesce(r.path, '/'), $1)
), counted AS (
    SELECT this,
           CASE WHEN business IS NOT NULL THEN 'business' WHEN channel IS NOT NULL THEN 'channel'
                WHEN team IS NOT NULL THEN 'team' WHEN region IS NOT NULL THEN 'region'
                WHEN agent IS NOT NULL THEN 'agent' ELSE 'all' END AS by,
           coalesce(business, channel, team, region, agent, '') AS key,
           sum(asked)::int AS asked, sum(answers)::int AS answers, coalesce(sum(total), 0)::int AS total,
           sum(low)::int AS low, sum(revisited)::int AS revisited, sum(won)::int AS won,
           sum(settled)::int AS settled, sum(settled_of)::int AS settled_of,
           sum(promoters)::int AS promoters, sum(detractors)::int AS detractors, sum(nps_of)::int AS nps_of
    FROM picked
    GROUP BY GROUPING SETS ((this), (this, business), (this, channel), (this, team), (this, region), (this, agent))
)
SELECT n.*, coalesce(w.label_zh, u.full_name, a.name, '') AS name_zh,
       coalesce(w.label_en, u.full_name, a.name, '') AS name_en
FROM counted n
LEFT JOIN wrapups w ON n.by = 'business' AND w.code = n.key
LEFT JOIN unit_regions u ON n.by IN ('team', 'region') AND u.path = n.key
LEFT JOIN agents a ON n.by = 'agent' AND a.id::text = n.key

-- reasons: How often each reason was chosen in two months below a path, and how those scored who chose it.
SELECT o.asked >= $3 AS this, r.reason AS key, count(*)::int AS answers, sum(o.score)::int AS total,
       (count(*) FILTER (WHERE o.score < $5))::int AS low
FROM survey_outcomes o LEFT JOIN unit_regions u ON u.id = o.unit_id CROSS JOIN LATERAL unnest(o.reasons) AS r (reason)
WHERE o.asked >= $2 AND o.asked < $4 AND starts_with(coalesce(u.path, '/'), $1)
GROUP BY 1, 2

-- mystery: What mystery shoppers found in two months, below a path.
SELECT month = $3 AS this, count(*)::int AS answers, sum(score)::int AS total,
       (count(*) FILTER (WHERE score < $4))::int AS low
FROM mystery_outcomes WHERE month IN ($2, $3) AND starts_with(path, $1) GROUP BY month

-- rows: The surveys behind a figure, the lowest scores first.
WITH picked AS MATERIALIZED (
    SELECT o.*
    FROM survey_outcomes o LEFT JOIN unit_regions r ON r.id = o.unit_id
    WHERE o.asked >= $2 AND o.asked < $3 AND starts_with(coalesce(r.path, '/'), $1)
      AND CASE $4 WHEN 'business' THEN o.business WHEN 'channel' THEN o.channel WHEN 'team' THEN coalesce(r.path, '')
                  WHEN 'region' THEN coalesce(CASE WHEN $1 = '/' THEN r.province ELSE r.city END, '')
                  WHEN 'agent' THEN o.agent WHEN 'reason' THEN CASE WHEN $5 = ANY(o.reasons) THEN $5 END
                  ELSE '' END = $5
      AND CASE $6 WHEN 'answers' THEN o.score IS NOT NULL WHEN 'low' THEN o.score < $7
                  WHEN 'revisited' THEN o.revisited IS NOT NULL WHEN 'won' THEN coalesce(o.won_back, false)
                  WHEN 'unsettled' THEN NOT o.solved WHEN 'nps' THEN o.nps IS NOT NULL
                  ELSE true END
    ORDER BY o.score, o.asked DESC LIMIT 200
)
SELECT p.*, coalesce(w.label_zh, '') AS business_zh, coalesce(w.label_en, '') AS business_en
FROM picked p LEFT JOIN wrapups w ON w.code = p.business
ORDER BY p.score, p.asked DESC

-- mystery_rows: The visits of mystery shoppers in a month, below a path, the lowest scores first.
SELECT place, channel, score, given, remark FROM mystery_outcomes
WHERE month = $2 AND starts_with(path, $1) AND ($3 <> 'low' OR score < $4)
ORDER BY score, id LIMIT 200
