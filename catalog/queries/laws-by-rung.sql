-- title: Laws by rung
-- answers: How far is each law backed by what the catalog holds?
SELECT rung, count(*) AS laws
FROM law
GROUP BY rung
ORDER BY CASE rung WHEN 'cited' THEN 1 WHEN 'equation' THEN 2 WHEN 'coefficients' THEN 3 ELSE 4 END;
