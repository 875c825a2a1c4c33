-- title: Irreducible losses
-- answers: What does each fit give as the loss that remains, whatever goes into the law?
-- That is the coefficient that is a term of the formula by itself (coefficient.term_sign).
SELECT f.id AS fit, f.setting, v.symbol, c.term_sign*v.value AS value, l.output_quantity AS unit,
       CASE WHEN c.term_sign = 1 THEN v.low ELSE -v.high END AS low,
       CASE WHEN c.term_sign = 1 THEN v.high ELSE -v.low END AS high, v.basis, v.confidence
FROM fit_value v
JOIN fit f ON f.id = v.fit
JOIN coefficient c ON c.law = f.law AND c.symbol = v.symbol
JOIN law l ON l.id = f.law
WHERE v.stated AND c.term_sign IS NOT NULL AND (l.output_quantity LIKE 'nat/%' OR l.output_quantity LIKE 'bit/%')
ORDER BY l.output_quantity, value, f.id, v.symbol;
