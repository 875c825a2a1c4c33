-- title: Laws of model size and data
-- answers: Which laws give a loss from both parameters and tokens, and how do they count parameters?
SELECT l.id AS law, l.name, l.expression, l.output_quantity AS gives,
       (SELECT group_concat(convention, ', ') FROM (
          SELECT DISTINCT v.convention FROM variable v WHERE v.law = l.id AND v.quantity = 'parameters'
          ORDER BY v.convention) ways) AS parameters_counted, l.rung
FROM law l
WHERE (l.output_quantity LIKE 'nat/%' OR l.output_quantity LIKE 'bit/%' OR l.output_quantity = 'perplexity')
  AND EXISTS (SELECT 1 FROM variable n WHERE n.law = l.id AND n.quantity = 'parameters')
  AND EXISTS (SELECT 1 FROM variable d WHERE d.law = l.id AND d.quantity = 'tokens')
ORDER BY l.id;
