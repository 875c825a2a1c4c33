-- title: Fits without intervals
-- answers: In which papers do fits come without any interval or standard error?
SELECT p.key AS paper, p.label, count(*) AS fits,
       sum(NOT EXISTS (SELECT 1 FROM fit_value v WHERE v.fit = f.id
                       AND (v.low IS NOT NULL OR v.standard_error IS NOT NULL))) AS without_interval
FROM fit f JOIN paper p ON p.key = f.source_paper
WHERE f.basis <> 'refit'
GROUP BY p.key
HAVING without_interval > 0
ORDER BY without_interval DESC, p.key;
