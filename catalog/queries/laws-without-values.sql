-- title: Laws that cannot be evaluated yet
-- answers: Which laws are known as formulas, but have no complete set of coefficients?
SELECT l.id AS law, l.name, l.expression, l.rung,
       (SELECT count(*) FROM fit f WHERE f.law = l.id) AS incomplete_fits
FROM law l
WHERE l.kind = 'formula' AND l.follows IS NULL
  AND EXISTS (SELECT 1 FROM coefficient c WHERE c.law = l.id)
  AND NOT EXISTS (SELECT 1 FROM fit f WHERE f.law = l.id AND f.complete)
ORDER BY l.id;
