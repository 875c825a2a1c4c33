-- title: The evidence behind each guideline
-- answers: What is known, what conflicts and what to beware of under each question, and which papers and laws say so?
SELECT q.id AS question, q.title, g.text AS guideline, f.kind, f.text AS finding,
       (SELECT group_concat(coalesce(s.law, s.paper), ', ') FROM support s
        WHERE s.kind = 'finding' AND s.id = f.id) AS rests_on
FROM question q
JOIN guideline g ON g.question = q.id
JOIN finding f ON f.question = q.id
ORDER BY q.id, CASE f.kind WHEN 'known' THEN 1 WHEN 'conflict' THEN 2 ELSE 3 END, f.id;
