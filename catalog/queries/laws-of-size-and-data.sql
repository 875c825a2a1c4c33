-- title: Laws of model size and data
-- answers: Which laws give a loss from both parameters and tokens, and how do they count parameters?
SELECT l.id AS law, l.name, l.expression, l.output_quantity AS gives, n.convention AS parameters_counted, l.rung
FROM law l
JOIN variable n ON n.law = l.id AND n.quantity = 'parameters'
JOIN variable d ON d.law = l.id AND d.quantity = 'tokens'
WHERE l.output_quantity LIKE 'nat/%' OR l.output_quantity LIKE 'bit/%' OR l.output_quantity = 'perplexity'
GROUP BY l.id
ORDER BY l.id;
