-- title: Laws that take a quantity
-- answers: Which laws have a variable of this quantity, under which symbol, and over which range was it fitted?
-- parameter: quantity = tokens: quantity, as the query laws-by-variable lists them
-- parameter: reaches = 0: number that the fitted range must reach; with 0 also laws without one
SELECT v.law, l.name, v.symbol, v.meaning, v.scale, v.convention, v.fitted_low, v.fitted_high, l.expression, l.rung
FROM variable v JOIN law l ON l.id = v.law
WHERE v.quantity = :quantity AND coalesce(v.fitted_high*v.scale, 0) >= :reaches
ORDER BY v.law, v.position;
