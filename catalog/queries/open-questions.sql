-- title: What would settle most
-- answers: Which papers have the most values missing or only recalled, so that looking them up helps most?
SELECT p.key AS paper, p.label, sum(NOT v.stated) AS not_stated, sum(v.stated AND v.basis = 'recalled') AS recalled,
       sum(v.stated AND v.confidence = 'low') AS low_confidence
FROM fit_value v
JOIN fit f ON f.id = v.fit
JOIN law l ON l.id = f.law
JOIN paper p ON p.key = l.paper
GROUP BY p.key
HAVING not_stated + recalled + low_confidence > 0
ORDER BY not_stated + recalled + low_confidence DESC, p.key;
