-- title: Corpora
-- answers: Which corpora were models trained on, and in how many papers of the survey?
SELECT pc.corpus, count(*) AS papers, group_concat(p.label, '; ') AS which
FROM paper_corpus pc JOIN paper p ON p.key = pc.paper
GROUP BY pc.corpus
ORDER BY papers DESC, pc.corpus;
