-- title: Reproducibility as the survey counts it, and as it is
-- answers: How many of the survey's papers share training code, analysis code or a link: by its text, by its Table 11, and as seen?
SELECT part.what, claim.statement AS survey_text,
       (SELECT count(*) FROM survey_table_11 WHERE part.what = 'no training code' AND training_code = 'N'
           OR part.what = 'no analysis code' AND analysis_code = 'N'
           OR part.what = 'a link' AND github_link <> '') AS rows_of_table_11,
       (SELECT count(*) FROM survey_table_11) AS of_rows,
       (SELECT count(*) FROM code WHERE survey_training IS NOT NULL
           AND (part.what = 'no training code' AND training = 'none'
             OR part.what = 'no analysis code' AND analysis = 'none'
             OR part.what = 'a link' AND url IS NOT NULL)) AS papers_as_seen,
       (SELECT count(*) FROM code WHERE survey_training IS NOT NULL) AS of_papers
FROM (SELECT 1 AS position, 'a link' AS what, 'sengupta2025/linked-code' AS claim
      UNION ALL SELECT 2, 'no training code', 'sengupta2025/no-training-code'
      UNION ALL SELECT 3, 'no analysis code', 'sengupta2025/no-analysis-code') part
JOIN claim ON claim.id = part.claim
ORDER BY part.position;
