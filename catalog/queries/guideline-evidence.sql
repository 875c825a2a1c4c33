-- title: The evidence behind each guideline
-- answers: What is known and what conflicts under each question, what should one do, and which papers and laws say so?
SELECT q.id AS question, q.title, g.text AS guideline, f.kind, f.text AS finding,
       (SELECT group_concat(name, ', ') FROM (
          SELECT coalesce(s.law, s.paper) AS name FROM support s
          WHERE s.kind = 'finding' AND s.id = f.id ORDER BY s.position) named) AS rests_on
FROM question q
JOIN guideline g ON g.question = q.id
JOIN finding f ON f.question = q.id
ORDER BY q.id, CASE f.kind WHEN 'known' THEN 1 ELSE 2 END, f.id;
