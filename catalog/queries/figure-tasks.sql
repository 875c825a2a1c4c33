-- title: Tasks
-- answers: How many of the surveyed papers treat each task?
-- A paper counts once for each that it treats, so the counts add up to more than the papers.
SELECT x.title AS task, count(*) AS papers, group_concat(p.label, '; ') AS which
FROM (SELECT * FROM paper ORDER BY "key") p
JOIN paper_task px ON px.paper = p."key"
JOIN task x ON x.id = px.task
WHERE p.surveyed
GROUP BY x.id
ORDER BY papers DESC, x.title;
