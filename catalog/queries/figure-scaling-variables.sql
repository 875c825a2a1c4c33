-- title: Scaling variables
-- answers: How many papers does the survey's Table 10 give each scaling variable?
-- The third cell of a row, which is a paper, lists its variables with commas; capitals make no difference.
-- The empty text to begin with is cut from a cell, so that PostgreSQL sorts all of them alike.
WITH RECURSIVE named(paper, variable, rest) AS (
  SELECT paper, substr(cells, 1, 0), json_extract(cells, '$[2]') || ',' FROM survey_row WHERE table_number = 10
  UNION ALL
  SELECT paper, trim(substr(rest, 1, instr(rest, ',') - 1)), substr(rest, instr(rest, ',') + 1)
  FROM named WHERE rest <> '')
SELECT min(n.variable) AS scaling_variable, count(DISTINCT n.paper) AS papers, group_concat(n.label, '; ') AS which
FROM (SELECT lower(m.variable) AS name, m.variable, m.paper, p.label FROM named m JOIN paper p ON p.key = m.paper
      WHERE m.variable <> '' ORDER BY name, m.paper) n
GROUP BY n.name
ORDER BY papers DESC, n.name;
