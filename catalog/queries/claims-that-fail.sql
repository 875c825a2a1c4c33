-- title: Claims that do not hold
-- answers: Which claims fail when they are held against laws and sources, and why?
SELECT c.id AS claim, p.label AS paper, c.statement, c.evidence, c.source_where, c.basis, c.confidence
FROM claim c JOIN paper p ON p.key = c.paper
WHERE c.verdict = 'fails'
ORDER BY c.id;
