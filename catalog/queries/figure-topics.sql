-- title: Papers by topic
-- answers: How many of the surveyed papers have each topic as their main one?
-- Every surveyed paper has exactly one main topic, so the counts add up to all papers.
SELECT m.topic, m.beneath, count(*) AS papers, group_concat(m.label, '; ') AS which
FROM (SELECT t.position, t.title AS topic, u.title AS beneath, p.label
      FROM paper p
      JOIN paper_topic pt ON pt.paper = p.key AND pt.is_primary
      JOIN topic t ON t.id = pt.topic
      LEFT JOIN topic u ON u.id = t.parent
      WHERE p.surveyed
      ORDER BY t.position, p.key) m
GROUP BY m.position, m.topic, m.beneath
ORDER BY papers DESC, m.position;
