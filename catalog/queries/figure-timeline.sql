-- title: A timeline of the papers
-- answers: When did each surveyed paper first appear, and in which branch of the taxonomy?
-- The month is that of the arXiv number, which keeps the first version's; a paper without one has its year alone.
WITH RECURSIVE root(id, branch) AS (
  SELECT id, id FROM topic WHERE parent IS NULL
  UNION ALL
  SELECT topic.id, root.branch FROM topic JOIN root ON topic.parent = root.id)
SELECT coalesce(2000 + CAST(substr(p.arxiv, 1, 2) AS INTEGER), p.year) AS year,
       CAST(substr(p.arxiv, 3, 2) AS INTEGER) AS month, p.label AS paper, b.title AS branch
FROM paper p
JOIN paper_topic pt ON pt.paper = p.key AND pt.is_primary
JOIN root ON root.id = pt.topic
JOIN topic b ON b.id = root.branch
WHERE p.surveyed
ORDER BY b.position, year, month NULLS FIRST, p.label, p.key;
