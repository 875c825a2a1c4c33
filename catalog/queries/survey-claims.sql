-- title: The survey's own claims
-- answers: Which statements of the survey hold, which fail, which are unclear, and on what evidence?
SELECT coalesce(c.verdict, 'not judged') AS verdict, c.statement, c.evidence, c.source_where
FROM claim c
WHERE c.paper = 'sengupta2025'
ORDER BY CASE c.verdict WHEN 'fails' THEN 1 WHEN 'unclear' THEN 2 WHEN 'holds' THEN 3 ELSE 4 END, c.id;
