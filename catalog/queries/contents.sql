-- title: What the catalog holds
-- answers: How many papers, laws, fits, worked examples and claims are there?
SELECT what, how_many
FROM (SELECT 1 AS place, 'papers' AS what, count(*) AS how_many FROM paper WHERE recorded
      UNION ALL SELECT 2, 'laws', count(*) FROM law
      UNION ALL SELECT 3, 'fits', count(*) FROM fit
      UNION ALL SELECT 4, 'coefficient values', count(*) FROM fit_value WHERE stated
      UNION ALL SELECT 5, 'worked examples', count(*) FROM worked_example
      UNION ALL SELECT 6, 'claims', count(*) FROM claim) held
ORDER BY place;
