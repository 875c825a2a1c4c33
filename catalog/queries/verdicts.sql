-- title: Verdicts on published fits
-- answers: How many published fits does each verdict stand on, counting each curve of a law once?
SELECT v.verdict, count(*) AS published_fits, count(DISTINCT r.law) AS laws
FROM reproduction_verdict v JOIN reproduction r ON r.id = v.reproduction
GROUP BY v.verdict
ORDER BY published_fits DESC, v.verdict;
