-- title: Fits by basis and confidence
-- answers: On what do the coefficient sets rest?
SELECT basis, confidence, count(*) AS fits
FROM fit
GROUP BY basis, confidence
ORDER BY basis, CASE confidence WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END;
