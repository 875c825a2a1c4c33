-- title: Architectures
-- answers: How many of the surveyed papers fit their laws to each architecture?
-- A paper counts once for each that it treats, so the counts add up to more than the papers.
SELECT x.title AS architecture, count(*) AS papers, group_concat(p.label, '; ') AS which
FROM (SELECT * FROM paper ORDER BY "key") p
JOIN paper_architecture px ON px.paper = p."key"
JOIN architecture x ON x.id = px.architecture
WHERE p.surveyed
GROUP BY x.id
ORDER BY papers DESC, x.title;
