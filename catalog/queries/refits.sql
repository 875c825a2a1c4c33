-- title: Published values beside refits
-- answers: How does each coefficient of a refit compare with the published value?
SELECT rv.reproduction, rv.part, vd.fit AS published_fit, rv.symbol, fv.value AS published, rv.value AS refitted,
       rv.low AS refit_low, rv.high AS refit_high, round(CAST(rv.value/fv.value AS numeric), 4) AS ratio, vd.verdict
FROM reproduction_value rv
JOIN reproduction_verdict vd ON vd.reproduction = rv.reproduction AND vd.part = rv.part
JOIN fit_value fv ON fv.fit = vd.fit AND fv.symbol = rv.symbol
WHERE fv.stated AND fv.value <> 0
ORDER BY rv.reproduction, rv.part, vd.fit, fv.position;
