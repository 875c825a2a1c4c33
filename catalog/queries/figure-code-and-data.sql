-- title: Code and data by year
-- answers: Of the surveyed papers that first appeared in a year, how many have public code and data, as seen?
-- The year is that of the arXiv number, which keeps the first version's; a paper without one has its own year.
WITH seen(what, position, paper, state) AS (
  SELECT 'Analysis code', 1, paper, analysis FROM code
  UNION ALL SELECT 'Training code', 2, paper, training FROM code
  UNION ALL SELECT 'Data points', 3, paper, data FROM code)
SELECT s.what, coalesce(2000 + CAST(substr(p.arxiv, 1, 2) AS INTEGER), p.year) AS year,
       count(*) FILTER (WHERE s.state = 'released') AS released, count(*) FILTER (WHERE s.state = 'partial') AS partial,
       count(*) FILTER (WHERE s.state = 'none') AS none, count(*) FILTER (WHERE s.state = 'not-stated') AS not_stated,
       count(*) AS papers
FROM seen s JOIN paper p ON p.key = s.paper
WHERE p.surveyed
GROUP BY s.position, s.what, 2
ORDER BY s.position, 2;
