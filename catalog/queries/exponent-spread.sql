-- title: How far exponents differ
-- answers: From what to what do published exponents of a loss go, by the modality of the fit and what they are exponents of?
-- Every stated value counts, whatever else its law holds; which of them compare stands under exponents.
SELECT e.modality, e.quantity AS exponent_in, count(*) AS published_values, count(DISTINCT e.paper) AS papers,
       round(CAST(min(e.size) AS numeric), 4) AS smallest, round(CAST(avg(e.size) AS numeric), 4) AS mean,
       round(CAST(max(e.size) AS numeric), 4) AS largest
FROM (SELECT l.paper, o.quantity, abs(v.value) AS size,
             coalesce((SELECT group_concat(title, ', ') FROM (
               SELECT m.title FROM fit_modality fm JOIN modality m ON m.id = fm.modality
               WHERE fm.fit = v.fit ORDER BY m.title) titles), 'not stated') AS modality
      FROM fit_value v
      JOIN fit f ON f.id = v.fit
      JOIN coefficient c ON c.law = f.law AND c.symbol = v.symbol
      JOIN variable o ON o.law = c.law AND o.symbol = c.exponent_of
      JOIN law l ON l.id = f.law
      WHERE v.stated AND v.basis <> 'refit' AND v.taken_from IS NULL AND o.quantity <> 'any'
        AND (l.output_quantity LIKE 'nat/%' OR l.output_quantity LIKE 'bit/%')) e
GROUP BY e.modality, e.quantity
ORDER BY e.modality, e.quantity;
