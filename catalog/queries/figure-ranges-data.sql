-- title: Fitted ranges in tokens
-- answers: Over which numbers of tokens were the laws fitted?
-- Laws that follow another have no range of their own. Data counted in anything but tokens are left out.
-- Laws of a paper with the same range stand in one row.
SELECT p.label AS paper, v.meaning AS counted, round(v.fitted_low*v.scale) AS low, round(v.fitted_high*v.scale) AS high,
       group_concat(v.law, ', ') AS laws
FROM (SELECT * FROM variable ORDER BY law) v JOIN law l ON l.id = v.law JOIN paper p ON p."key" = l.paper
WHERE v.quantity = 'tokens' AND v.fitted_low > 0 AND v.fitted_high > 0 AND l.follows IS NULL
GROUP BY p."key", counted, low, high
ORDER BY low, high, p.label;
