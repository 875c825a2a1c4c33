-- title: The survey's Appendix A, held against the papers
-- answers: For which choice in fitting does the survey name which paper, and does it hold?
SELECT m.aspect, m.code, p.label AS paper, m.verdict, m.evidence, m.section
FROM survey_method m JOIN paper p ON p.key = m.paper
ORDER BY CASE m.aspect WHEN 'optimizer' THEN 1 WHEN 'objective' THEN 2 WHEN 'initialisation' THEN 3 ELSE 4 END,
         m.code, p.label, p.key;
