-- title: Fitting left unsaid
-- answers: For how many laws is optimizer, objective, start or validation not stated?
SELECT m.aspect, count(DISTINCT m.law) AS laws_with_a_note,
       count(DISTINCT CASE WHEN m.code = 'not-stated' THEN m.law END) AS not_stated,
       round(100.0*count(DISTINCT CASE WHEN m.code = 'not-stated' THEN m.law END)/count(DISTINCT m.law), 1) AS percent
FROM fitting_method m
GROUP BY m.aspect
ORDER BY not_stated DESC, m.aspect;
