-- title: Who fits how
-- answers: How many papers and laws name each choice in fitting, how many name none, and which papers are they?
-- formerly: figure-fitting-methods, fitting-not-stated
-- A paper, or a law, counts once for each choice that it makes for any of its fits, and as not stated only where it names
-- no choice at all. It is the paper that made the fit. Refits by this catalog are left out. The percentage is of the laws
-- of which anything is said.
WITH made AS (
    SELECT m.aspect, m.code AS choice, m.law, coalesce(f.source_paper, l.paper) AS paper
    FROM fitting_method m
    JOIN law l ON l.id = m.law
    LEFT JOIN fit f ON f.id = m.law || '/' || m.fit
    WHERE m.basis <> 'refit'),
  laws AS (
    SELECT m.aspect, m.choice, count(DISTINCT m.law) AS laws FROM made m
    WHERE m.choice <> 'not-stated'
       OR NOT EXISTS (SELECT 1 FROM made o WHERE o.law = m.law AND o.aspect = m.aspect AND o.choice <> 'not-stated')
    GROUP BY m.aspect, m.choice),
  papers AS (
    SELECT s.aspect, s.choice, count(*) AS papers, group_concat(s.label, '; ') AS which
    FROM (SELECT DISTINCT m.aspect, m.choice, m.paper, p.label FROM made m JOIN paper p ON p.key = m.paper
          WHERE m.choice <> 'not-stated'
             OR NOT EXISTS (SELECT 1 FROM made o WHERE o.paper = m.paper AND o.aspect = m.aspect AND o.choice <> 'not-stated')
          ORDER BY m.aspect, m.choice, m.paper) s
    GROUP BY s.aspect, s.choice)
SELECT n.aspect, n.choice, coalesce(p.papers, 0) AS papers, n.laws,
       round(100.0*n.laws/(SELECT count(DISTINCT m.law) FROM made m WHERE m.aspect = n.aspect), 1) AS percent_of_laws, p.which
FROM laws n LEFT JOIN papers p ON p.aspect = n.aspect AND p.choice = n.choice
ORDER BY CASE n.aspect WHEN 'optimizer' THEN 1 WHEN 'objective' THEN 2 WHEN 'initialisation' THEN 3 ELSE 4 END,
         CASE WHEN n.choice = 'not-stated' THEN 1 ELSE 0 END, papers DESC, n.laws DESC, n.choice;
