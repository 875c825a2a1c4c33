-- title: Model sizes, paper by paper
-- answers: From how many to how many parameters do the models of each paper go?
SELECT p.key AS paper, p.label, p.year, p.model_low, p.model_high,
       round(log10(p.model_high/p.model_low), 2) AS decades, p.model_printed AS as_the_survey_prints
FROM paper p
WHERE p.model_low > 0 AND p.model_high > 0
ORDER BY p.model_high DESC, p.key;
