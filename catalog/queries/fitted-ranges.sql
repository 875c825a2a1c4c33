-- title: Fitted ranges
-- answers: Over which range of each variable were laws fitted, how many powers of ten is that, and which laws are they?
-- formerly: variable-ranges, figure-ranges-model, figure-ranges-data
-- Laws of a paper with the same range stand in one row; those that follow another have no range of their own. What is
-- counted is said by the convention for parameters, where a model's are counted, and by the meaning for anything else.
WITH ranges AS (
  SELECT o.quantity, p.label, CASE WHEN o.quantity = 'parameters' THEN o.convention ELSE o.meaning END AS counted,
         -- What is counted in millions is counted whole.
         CASE WHEN o.scale > 1 THEN round(o.fitted_low*o.scale) ELSE o.fitted_low*o.scale END AS low,
         CASE WHEN o.scale > 1 THEN round(o.fitted_high*o.scale) ELSE o.fitted_high*o.scale END AS high, o.law
  FROM variable o
  JOIN law l ON l.id = o.law
  JOIN paper p ON p.key = l.paper
  WHERE l.follows IS NULL AND (o.fitted_low IS NOT NULL OR o.fitted_high IS NOT NULL))
SELECT DISTINCT r.quantity, r.label AS paper, r.counted, r.low, r.high,
       CASE WHEN r.low > 0 AND r.high > 0 THEN round(CAST(log10(r.high/r.low) AS numeric), 2) END AS decades,
       group_concat(r.law, ', ') OVER (
         PARTITION BY r.quantity, r.label, r.counted, r.low, r.high ORDER BY r.law
         ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS laws
FROM ranges r
ORDER BY r.quantity, r.low NULLS FIRST, r.high NULLS FIRST, r.label, r.counted;
