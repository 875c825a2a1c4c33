-- title: Methods of fitting
-- answers: How many laws and fits name each choice, and how many do not state it?
SELECT aspect, code, count(DISTINCT law) AS laws
FROM fitting_method
GROUP BY aspect, code
ORDER BY CASE aspect WHEN 'optimizer' THEN 1 WHEN 'objective' THEN 2 WHEN 'initialisation' THEN 3 ELSE 4 END,
         laws DESC, code;
