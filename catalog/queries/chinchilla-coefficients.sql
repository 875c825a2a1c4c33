-- title: Chinchilla's law under every set of coefficients
-- answers: Which values have been published or recomputed for E, A, B, alpha and beta, and by whom?
SELECT f.slug AS fit, max(CASE WHEN v.symbol = 'E' THEN v.value END) AS "E",
       max(CASE WHEN v.symbol = 'A' THEN v.value END) AS "A", max(CASE WHEN v.symbol = 'B' THEN v.value END) AS "B",
       max(CASE WHEN v.symbol = 'alpha' THEN v.value END) AS alpha,
       max(CASE WHEN v.symbol = 'beta' THEN v.value END) AS beta, p.label AS given_by, f.basis, f.confidence
FROM fit f
JOIN fit_value v ON v.fit = f.id
JOIN paper p ON p.key = f.source_paper
WHERE f.law = 'hoffmann2022/parametric'
GROUP BY f.id, f.slug, p.label, f.basis, f.confidence, f.position
ORDER BY f.position;
