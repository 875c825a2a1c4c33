-- title: Scaling variables
-- answers: How many papers does the survey's Table 10 give each scaling variable?
-- The third cell of a row, which is a paper, lists its variables with commas; capitals make no difference.
WITH RECURSIVE named(paper, variable, rest) AS (
  SELECT paper, '', json_extract(cells, '$[2]') || ',' FROM survey_row WHERE table_number = 10
  UNION ALL
  SELECT paper, trim(substr(rest, 1, instr(rest, ',') - 1)), substr(rest, instr(rest, ',') + 1)
  FROM named WHERE rest <> '')
SELECT min(variable) AS scaling_variable, count(DISTINCT n.paper) AS papers, group_concat(p.label, '; ') AS which
FROM (SELECT * FROM named ORDER BY paper) n JOIN paper p ON p."key" = n.paper
WHERE variable <> ''
GROUP BY lower(variable)
ORDER BY papers DESC, lower(variable);
