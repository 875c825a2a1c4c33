-- title: Where the evidence conflicts
-- answers: On which points do papers disagree, and which papers and laws are they?
SELECT f.question, f.text AS conflict,
       (SELECT group_concat(coalesce(s.law, s.paper), ', ') FROM support s
        WHERE s.kind = 'finding' AND s.id = f.id) AS rests_on
FROM finding f
WHERE f.kind = 'conflict'
ORDER BY f.question, f.id;
