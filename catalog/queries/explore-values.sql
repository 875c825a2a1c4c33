-- title: What to explore by
-- answers: Which values has each facet of papers and laws, and what do they mean?
SELECT facet, value, title FROM (
  SELECT 1 AS place, 'topic' AS facet, id AS value, title, position FROM topic
  UNION ALL SELECT 2, 'question', id, title, 0 FROM question
  UNION ALL SELECT 3, 'modality', id, title, 0 FROM modality
  UNION ALL SELECT 4, 'architecture', id, title, 0 FROM architecture
  UNION ALL SELECT 5, 'task', id, title, 0 FROM task
  UNION ALL SELECT DISTINCT 6, 'rung', rung, rung, position FROM law_rung
  UNION ALL SELECT DISTINCT 7, 'year', CAST(year AS TEXT), CAST(year AS TEXT), -year
    FROM paper WHERE recorded AND year IS NOT NULL
  UNION ALL SELECT 8, 'symbol', symbol, quantity || CASE WHEN kinds > 1 THEN ' or other' ELSE '' END, -uses
    FROM (SELECT symbol, quantity,
                 row_number() OVER (PARTITION BY symbol ORDER BY count(*) DESC, quantity) AS nth,
                 count(*) OVER (PARTITION BY symbol) AS kinds,
                 sum(count(*)) OVER (PARTITION BY symbol) AS uses
          FROM (SELECT symbol, replace(quantity, 'any', 'any quantity') AS quantity FROM variable
                UNION ALL SELECT output_symbol, replace(output_quantity, 'any', 'any quantity') FROM law) used
          GROUP BY symbol, quantity) counted
    WHERE nth = 1) listed
ORDER BY place, position, CASE facet WHEN 'question' THEN value ELSE title END, value;
