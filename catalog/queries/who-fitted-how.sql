-- title: Fitting, law by law
-- answers: With which optimizer, objective, starts and validation was each law fitted?
-- How many papers and laws make each choice stands under fitting-methods.
SELECT m.law, m.fit, group_concat(CASE WHEN m.aspect = 'optimizer' THEN m.code END, ', ') AS optimizer,
       group_concat(CASE WHEN m.aspect = 'objective' THEN m.code END, ', ') AS objective,
       group_concat(CASE WHEN m.aspect = 'initialisation' THEN m.code END, ', ') AS starts,
       group_concat(CASE WHEN m.aspect = 'validation' THEN m.code END, ', ') AS validation
FROM (SELECT law, fit, aspect, code FROM fitting_method ORDER BY law, fit, aspect, code) m
GROUP BY m.law, m.fit
ORDER BY m.law, m.fit;
