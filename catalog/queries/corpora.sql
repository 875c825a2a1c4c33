-- title: Corpora
-- answers: Which corpora were models trained on, and in how many papers of the survey?
SELECT c.corpus, count(*) AS papers, group_concat(c.label, '; ') AS which
FROM (SELECT pc.corpus, p.label FROM paper_corpus pc JOIN paper p ON p.key = pc.paper ORDER BY pc.corpus, p.key) c
GROUP BY c.corpus
ORDER BY papers DESC, c.corpus;
