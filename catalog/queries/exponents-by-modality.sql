-- title: Exponents by modality
-- answers: Which exponents in model size, data and compute were fitted, by the modalities of the paper, and on what basis?
SELECT (SELECT group_concat(pm.modality, ', ') FROM paper_modality pm WHERE pm.paper = l.paper) AS modality,
       c.meaning, f.id AS fit, f.setting, v.symbol, v.value, v.low, v.high, v.basis, v.confidence
FROM fit_value v
JOIN fit f ON f.id = v.fit
JOIN coefficient c ON c.law = f.law AND c.symbol = v.symbol
JOIN law l ON l.id = f.law
WHERE v.stated AND c.meaning LIKE 'exponent in %'
ORDER BY modality IS NULL, modality, c.meaning, f.id, v.symbol;
