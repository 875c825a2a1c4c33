-- title: The survey's equations that differ
-- answers: Where does an equation of the survey differ from its paper's law, and how?
SELECT e.number AS survey_equation, e.law, e.relation, e.difference, e.source_where
FROM equation e
WHERE e.relation <> 'same'
ORDER BY e.relation, e.number IS NULL, e.number, e.law;
