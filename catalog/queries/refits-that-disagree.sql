-- title: Refits that disagree
-- answers: Which published fits are not the minimum, a local one, or not reproduced on their public data?
SELECT v.fit, v.verdict, d.meaning, v.ratio AS published_over_refitted_objective, r.dataset, r.title AS refit
FROM reproduction_verdict v
JOIN reproduction r ON r.id = v.reproduction
LEFT JOIN doc d ON d.kind = 'verdict' AND d.name = v.verdict
WHERE v.verdict IN ('not-the-minimum', 'local-optimum', 'not-reproduced')
ORDER BY v.verdict, v.fit, r.id, v.part;
