-- title: Numbers that papers print
-- answers: Which worked examples stand in the papers themselves, so that a law can be held against them?
SELECT w.law, w.fit, w.inputs, w.expect, w.digits, w.tolerance, w.source_paper, w.source_where
FROM worked_example w
WHERE w.printed
ORDER BY w.law, w.position;
