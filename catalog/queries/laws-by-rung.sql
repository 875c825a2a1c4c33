-- title: The ladder of trust
-- answers: How many laws stand on each rung, and how many reach it at all?
SELECT r.rung, count(*) FILTER (WHERE l.rung = r.rung) AS stand_on_it, count(*) FILTER (WHERE r.reached) AS reach_it,
       round(100.0*count(*) FILTER (WHERE r.reached)/count(*), 1) AS percent
FROM law_rung r JOIN law l ON l.id = r.law
GROUP BY r.rung, r.position
ORDER BY r.position;
