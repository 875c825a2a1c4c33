-- title: Laws that take a quantity
-- answers: Which laws have a variable of this quantity, under which symbol, and over which range was it fitted?
-- parameter: quantity = tokens: quantity, as the query laws-by-variable lists them
SELECT v.law, l.name, v.symbol, v.meaning, v.scale, v.convention, v.fitted_low, v.fitted_high, l.expression, l.rung
FROM variable v JOIN law l ON l.id = v.law
WHERE v.quantity = :quantity
ORDER BY v.law, v.position;
