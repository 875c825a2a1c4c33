-- title: Caveats
-- answers: What should one know before using the numbers of a paper?
-- parameter: paper = : key of the paper; with none, of all
SELECT p.key AS paper, p.label, c.text AS caveat, c.source_where, c.basis
FROM caveat c JOIN paper p ON p.key = c.paper
WHERE :paper IN ('', p.key)
ORDER BY p.key, c.position;
