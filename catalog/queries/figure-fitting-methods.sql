-- title: Who fits how
-- answers: How many papers name each choice in fitting, and which?
-- A paper counts once for each choice that it makes for any of its fits, and as not stated only where it names no
-- choice at all. It is the paper that made the fit. Refits by this catalog are left out.
WITH made AS (
  SELECT DISTINCT m.aspect, m.code,
         coalesce((SELECT f.source_paper FROM fit f WHERE f.id = m.law || '/' || m.fit), l.paper) AS paper
  FROM fitting_method m JOIN law l ON l.id = m.law
  WHERE m.basis <> 'refit')
SELECT m.aspect, m.code AS choice, count(*) AS papers, group_concat(p.label, '; ') AS which
FROM (SELECT * FROM made ORDER BY paper) m JOIN paper p ON p."key" = m.paper
WHERE m.code <> 'not-stated'
   OR NOT EXISTS (SELECT 1 FROM made o WHERE o.paper = m.paper AND o.aspect = m.aspect AND o.code <> 'not-stated')
GROUP BY m.aspect, m.code
ORDER BY CASE m.aspect WHEN 'optimizer' THEN 1 WHEN 'objective' THEN 2 WHEN 'initialisation' THEN 3 ELSE 4 END,
         m.code = 'not-stated', papers DESC, m.code;
