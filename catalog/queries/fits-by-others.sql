-- title: Fits by other papers
-- answers: Which laws were fitted again by others than the authors, and where do their coefficients stand?
SELECT f.id AS fit, l.paper AS law_of, f.source_paper AS fitted_by, f.source_where, f.setting, f.basis, f.confidence
FROM fit f JOIN law l ON l.id = f.law
WHERE f.source_paper <> l.paper
ORDER BY f.id;
