-- title: Papers by architecture, modality and task
-- answers: How many of the surveyed papers treat each architecture, modality and task, and which?
-- formerly: figure-architectures, figure-tasks
-- A paper counts once for each that it treats, so the counts of a kind add up to more than the papers.
SELECT k.kind, k.title, count(*) AS papers, group_concat(k.label, '; ') AS which
FROM (SELECT t.kind, t.title, p.label
      FROM (SELECT 'architecture' AS kind, x.title, px.paper FROM paper_architecture px JOIN architecture x ON x.id = px.architecture
            UNION ALL SELECT 'modality', x.title, px.paper FROM paper_modality px JOIN modality x ON x.id = px.modality
            UNION ALL SELECT 'task', x.title, px.paper FROM paper_task px JOIN task x ON x.id = px.task) t
      JOIN paper p ON p.key = t.paper
      WHERE p.surveyed
      ORDER BY t.kind, t.title, p.key) k
GROUP BY k.kind, k.title
ORDER BY k.kind, papers DESC, k.title;
