-- title: What the catalog holds
-- answers: How many papers, laws, fits, worked examples and claims are there?
SELECT 'papers' AS what, count(*) AS how_many FROM paper WHERE recorded
UNION ALL SELECT 'laws', count(*) FROM law
UNION ALL SELECT 'fits', count(*) FROM fit
UNION ALL SELECT 'coefficient values', count(*) FROM fit_value WHERE stated
UNION ALL SELECT 'worked examples', count(*) FROM worked_example
UNION ALL SELECT 'claims', count(*) FROM claim;
