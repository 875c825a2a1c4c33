-- title: Fits of a law
-- answers: Which sets of values does a law have, from where, and how far is each to be trusted?
-- parameter: law = hoffmann2022/parametric: id of the law
SELECT f.id AS fit, f.setting,
       (SELECT group_concat(symbol || '=' || coalesce(value, 'not stated'), ', ') FROM (
          SELECT symbol, value FROM fit_value v WHERE v.fit = f.id ORDER BY position)) AS coefficients,
       p.label AS given_by, f.source_where, f.basis, f.confidence, f.values_sha256
FROM fit f
JOIN paper p ON p.key = f.source_paper
JOIN law l ON f.law = coalesce(l.follows, l.id)
WHERE l.id = :law
ORDER BY f.position;
