-- title: Fitting, law by law
-- answers: With which optimizer, objective, starts and validation was each law fitted?
SELECT m.law, m.fit, group_concat(DISTINCT CASE WHEN m.aspect = 'optimizer' THEN m.code END) AS optimizer,
       group_concat(DISTINCT CASE WHEN m.aspect = 'objective' THEN m.code END) AS objective,
       group_concat(DISTINCT CASE WHEN m.aspect = 'initialisation' THEN m.code END) AS starts,
       group_concat(DISTINCT CASE WHEN m.aspect = 'validation' THEN m.code END) AS validation
FROM fitting_method m
GROUP BY m.law, m.fit
ORDER BY m.law, m.fit;
