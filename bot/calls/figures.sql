-- figures: Calls since a moment: how many rang in service hours, how many of them somebody picked up, and how fast.
SELECT count(*) FILTER (WHERE in_service AND rang) AS offered,
       count(*) FILTER (WHERE in_service AND rang AND picked_up IS NOT NULL) AS picked_up,
       count(*) FILTER (WHERE in_service AND picked_up - offered <= interval '10 seconds') AS in_time,
       count(*) FILTER (WHERE in_service AND rang AND picked_up IS NULL AND over) AS missed,
       count(*) FILTER (WHERE voicemail IS NOT NULL) AS voicemails,
       count(*) FILTER (WHERE NOT over) AS live
FROM (
    SELECT *, coalesce(offered, picked_up) IS NOT NULL AS rang,
           coalesce(hung_up, abandoned, given_up) IS NOT NULL AS over
    FROM calls WHERE began >= $1
) c
