-- title: Values recalled
-- answers: Which coefficient values rest on memory alone, and in which paper would one look?
SELECT v.fit, v.symbol, v.value, v.confidence, v.source_paper, v.source_where
FROM fit_value v
WHERE v.stated AND v.basis = 'recalled'
ORDER BY v.fit, v.position;
