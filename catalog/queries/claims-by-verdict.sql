-- title: Claims by verdict
-- answers: How many claims were held against laws and sources, and how did they come out?
SELECT coalesce(c.verdict, 'not judged') AS verdict, count(*) AS claims
FROM claim c
GROUP BY coalesce(c.verdict, 'not judged')
ORDER BY claims DESC, verdict;
