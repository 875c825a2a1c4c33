-- title: How laws count parameters
-- answers: Do laws count a model's parameters with embeddings, without, or do they not say?
SELECT coalesce(v.convention, 'none named') AS convention, count(DISTINCT v.law) AS laws,
       count(DISTINCT l.paper) AS papers, d.meaning
FROM variable v
JOIN law l ON l.id = v.law
LEFT JOIN doc d ON d.kind = 'convention' AND d.name = v.convention
WHERE v.quantity = 'parameters'
GROUP BY v.convention, d.meaning
ORDER BY laws DESC, convention;
