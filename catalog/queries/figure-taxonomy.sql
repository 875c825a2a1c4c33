-- title: The taxonomy as a tree
-- answers: Which topics stand beneath which, and how many papers carry each?
-- A paper counts once for each topic that it carries itself, main or further; not again for the topics above.
WITH RECURSIVE tree(id, depth) AS (
  SELECT id, 0 FROM topic WHERE parent IS NULL
  UNION ALL
  SELECT topic.id, tree.depth + 1 FROM topic JOIN tree ON topic.parent = tree.id)
SELECT tree.depth AS level, t.title AS topic, (SELECT u.title FROM topic u WHERE u.id = t.parent) AS beneath,
       (SELECT count(*) FROM paper_topic pt WHERE pt.topic = t.id) AS papers
FROM tree JOIN topic t ON t.id = tree.id
ORDER BY t.position;
