-- title: Fits without intervals
-- answers: In which papers do fits come without any interval or standard error?
SELECT c.paper, c.label, c.fits, c.without_interval
FROM (SELECT p.key AS paper, p.label, count(*) AS fits,
             count(*) FILTER (WHERE NOT EXISTS (
               SELECT 1 FROM fit_value v
               WHERE v.fit = f.id AND (v.low IS NOT NULL OR v.standard_error IS NOT NULL))) AS without_interval
      FROM fit f JOIN paper p ON p.key = f.source_paper
      WHERE f.basis <> 'refit'
      GROUP BY p.key, p.label) c
WHERE c.without_interval > 0
ORDER BY c.without_interval DESC, c.paper;
