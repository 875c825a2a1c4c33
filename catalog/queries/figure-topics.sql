-- title: Papers by topic
-- answers: How many of the surveyed papers have each topic as their main one?
-- Every surveyed paper has exactly one main topic, so the counts add up to all papers.
SELECT t.title AS topic, (SELECT u.title FROM topic u WHERE u.id = t.parent) AS beneath, count(*) AS papers,
       group_concat(p.label, '; ') AS which
FROM (SELECT * FROM paper ORDER BY "key") p
JOIN paper_topic pt ON pt.paper = p."key" AND pt.is_primary
JOIN topic t ON t.id = pt.topic
WHERE p.surveyed
GROUP BY t.id
ORDER BY papers DESC, t.position;
