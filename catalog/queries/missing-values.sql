-- title: Coefficients that the sources do not state
-- answers: Which fits lack values, and which ones?
SELECT v.fit, group_concat(v.symbol, ', ') AS not_stated
FROM (SELECT fit, symbol FROM fit_value WHERE NOT stated ORDER BY fit, position) v
GROUP BY v.fit
ORDER BY v.fit;
