-- title: Coefficients that the sources do not state
-- answers: Which fits lack values, and which ones?
SELECT v.fit, group_concat(v.symbol, ', ') AS not_stated
FROM fit_value v
WHERE NOT v.stated
GROUP BY v.fit
ORDER BY v.fit;
