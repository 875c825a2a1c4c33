-- title: Fits of a law
-- answers: Which sets of values does a law have, from where, and how far is each to be trusted?
-- parameter: law = hoffmann2022/parametric: id of the law
SELECT f.id AS fit, f.setting,
       json_extract(d.content, '$.values') AS coefficients,
       (SELECT group_concat(symbol, ', ') FROM (
          SELECT symbol FROM fit_value v WHERE v.fit = f.id AND NOT v.stated ORDER BY position) s) AS not_stated,
       p.label AS given_by, f.source_where, f.basis, f.confidence, f.values_sha256
FROM fit f
JOIN document d ON d.id = f.id
JOIN paper p ON p.key = f.source_paper
JOIN law l ON f.law = coalesce(l.follows, l.id)
WHERE l.id = :law
ORDER BY f.position;
