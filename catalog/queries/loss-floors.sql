-- title: Irreducible losses
-- answers: What does each fit give as the loss that neither size nor data removes?
SELECT f.id AS fit, f.setting, v.symbol, v.value, l.output_quantity AS unit, v.low, v.high, v.basis, v.confidence
FROM fit_value v
JOIN fit f ON f.id = v.fit
JOIN coefficient c ON c.law = f.law AND c.symbol = v.symbol
JOIN law l ON l.id = f.law
WHERE v.stated AND c.meaning LIKE 'irreducible loss%'
ORDER BY l.output_quantity, v.value, f.id;
