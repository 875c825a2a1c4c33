-- title: Where the evidence conflicts
-- answers: On which points do papers disagree, and which papers and laws are they?
-- What is known of the same questions, and what to do, stands under guideline-evidence.
SELECT f.question, f.text AS conflict,
       (SELECT group_concat(name, ', ') FROM (
          SELECT coalesce(s.law, s.paper) AS name FROM support s
          WHERE s.kind = 'finding' AND s.id = f.id ORDER BY s.position) named) AS rests_on
FROM finding f
WHERE f.kind = 'conflict'
ORDER BY f.question, f.id;
