-- title: Code and data, paper by paper
-- answers: Which papers have public code, as the survey says and as seen?
SELECT p.key AS paper, p.label, c.survey_training, c.survey_analysis, c.survey_link,
       c.training, c.analysis, c.data, c.licence, c.url
FROM code c JOIN paper p ON p.key = c.paper
ORDER BY p.key;
