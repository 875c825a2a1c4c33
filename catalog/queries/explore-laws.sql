-- title: Laws to explore
-- answers: Of each law: what does it give and take, how many fits has it, which modality is it about, how far is it backed?
SELECT l.id, l.name AS law, l.paper AS key, p.label AS paper, p.year,
       l.output_symbol AS gives,
       (SELECT group_concat(symbol, ' ') FROM (
          SELECT symbol FROM variable v WHERE v.law = l.id ORDER BY position) taken) AS takes,
       (SELECT count(*) FROM fit f WHERE f.law = coalesce(l.follows, l.id)) AS fits,
       l.rung,
       (SELECT group_concat(modality, ' ') FROM (
          SELECT modality FROM law_modality m WHERE m.law = l.id ORDER BY modality) about) AS modality,
       (SELECT group_concat(what, ' ') FROM (
          SELECT 'intervals' AS what WHERE EXISTS (
            SELECT 1 FROM fit f JOIN fit_value v ON v.fit = f.id
            WHERE f.law = l.id AND (v.low IS NOT NULL OR v.standard_error IS NOT NULL))
          UNION ALL SELECT 'refit' WHERE EXISTS (SELECT 1 FROM reproduction r WHERE r.law = l.id)
          ORDER BY what) had) AS has,
       (SELECT group_concat(symbol, ' ') FROM (
          SELECT symbol FROM coefficient c WHERE c.law = l.id ORDER BY position) fitted) AS coefficients,
       (SELECT group_concat(name, '; ') FROM (
          SELECT name FROM alias WHERE kind = 'law' AND target = l.id ORDER BY name) called) AS aliases
FROM law l JOIN paper p ON p.key = l.paper
ORDER BY lower(p.label), p.key, l.id;
