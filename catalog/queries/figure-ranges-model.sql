-- title: Fitted ranges in model size
-- answers: Over which numbers of parameters were the laws fitted?
-- Laws that follow another have no range of their own. Parameters of the vocabulary alone, and sizes of blocks, are no
-- model sizes: these have no convention of counting.
-- Laws of a paper with the same range stand in one row.
SELECT p.label AS paper, v.convention AS counted, round(v.fitted_low*v.scale) AS low, round(v.fitted_high*v.scale) AS high,
       group_concat(v.law, ', ') AS laws
FROM (SELECT * FROM variable ORDER BY law) v JOIN law l ON l.id = v.law JOIN paper p ON p."key" = l.paper
WHERE v.quantity = 'parameters' AND v.convention IS NOT NULL AND v.fitted_low > 0 AND v.fitted_high > 0 AND l.follows IS NULL
GROUP BY p."key", counted, low, high
ORDER BY low, high, p.label;
