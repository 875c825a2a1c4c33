-- title: Caveats
-- answers: What should one know before using the numbers of a paper?
SELECT p.key AS paper, p.label, c.text AS caveat, c.source_where, c.basis
FROM caveat c JOIN paper p ON p.key = c.paper
ORDER BY p.key, c.position;
