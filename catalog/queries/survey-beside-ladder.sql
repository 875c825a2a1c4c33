-- title: The survey's Table 11 beside the ladder
-- answers: What does the survey say of a paper's code, and how far does the catalog back its laws?
SELECT p.label AS paper, c.survey_training AS survey_training_code, c.survey_analysis AS survey_analysis_code,
       c.training AS training_code_seen, c.analysis AS analysis_code_seen, c.data AS data_seen,
       (SELECT l.rung FROM law l JOIN law_rung r ON r.law = l.id AND r.rung = l.rung
        WHERE l.paper = p.key ORDER BY r.position DESC LIMIT 1) AS highest_rung
FROM code c JOIN paper p ON p.key = c.paper
WHERE c.survey_training IS NOT NULL
ORDER BY p.label, p.key;
