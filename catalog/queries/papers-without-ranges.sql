-- title: Papers without stated ranges
-- answers: Which papers of the survey have laws, but no overall range of model size or of data, in its Table 9 or as far as seen?
SELECT p.key AS paper, p.label, count(l.id) AS laws,
       CASE WHEN p.model_low IS NULL AND p.model_high IS NULL THEN 'not stated' ELSE 'stated' END AS model_range,
       CASE WHEN p.data_low IS NULL AND p.data_high IS NULL THEN 'not stated' ELSE 'stated' END AS data_range
FROM paper p JOIN law l ON l.paper = p.key
WHERE p.surveyed AND (p.model_low IS NULL AND p.model_high IS NULL OR p.data_low IS NULL AND p.data_high IS NULL)
GROUP BY p.key, p.label, p.model_low, p.model_high, p.data_low, p.data_high
ORDER BY model_range, data_range, p.key;
