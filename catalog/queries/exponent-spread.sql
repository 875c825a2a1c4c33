-- title: How far exponents differ
-- answers: From what to what do published exponents in size, data and compute go, by the modalities of the paper?
SELECT modality, meaning, count(*) AS published_values, count(DISTINCT paper) AS papers,
       round(min(abs(value)), 4) AS smallest, round(avg(abs(value)), 4) AS mean, round(max(abs(value)), 4) AS largest
FROM (SELECT l.paper, c.meaning, v.value,
             (SELECT group_concat(pm.modality, ', ') FROM paper_modality pm WHERE pm.paper = l.paper) AS modality
      FROM fit_value v
      JOIN fit f ON f.id = v.fit
      JOIN coefficient c ON c.law = f.law AND c.symbol = v.symbol
      JOIN law l ON l.id = f.law
      WHERE v.stated AND v.basis <> 'refit' AND v.taken_from IS NULL
        AND c.meaning IN ('exponent in parameters', 'exponent in tokens', 'exponent in data', 'exponent in examples',
                          'exponent in compute')) exponent
GROUP BY modality, meaning
ORDER BY modality IS NULL, modality, meaning;
