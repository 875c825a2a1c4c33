-- title: Printed and counted model sizes
-- answers: How many parameters does a model's shape give, and how far is that from the printed size?
SELECT s.name AS model, c.convention, c.value AS counted, c.printed,
       round(CAST(100.0*(c.value/c.printed - 1) AS numeric), 2) AS percent_off, c.source_paper, c.source_where
FROM model_count c JOIN model_shape s ON s.id = c.model
WHERE c.printed IS NOT NULL AND c.quantity = 'parameters'
ORDER BY s.name, c.convention;
