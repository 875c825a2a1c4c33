-- title: Papers with code and data
-- answers: Which papers share both analysis code and the data behind their laws, and under which licence?
SELECT p.key AS paper, p.label, c.training, c.analysis, c.data, c.licence, c.url
FROM code c JOIN paper p ON p.key = c.paper
WHERE c.analysis IN ('released', 'partial') AND c.data IN ('released', 'partial')
ORDER BY p.key;
