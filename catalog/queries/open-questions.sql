-- title: What would settle most
-- answers: Which papers have the most values missing or only recalled, so that looking them up helps most?
SELECT c.paper, c.label, c.not_stated, c.recalled, c.low_confidence
FROM (SELECT p.key AS paper, p.label, count(*) FILTER (WHERE NOT v.stated) AS not_stated,
             count(*) FILTER (WHERE v.stated AND v.basis = 'recalled') AS recalled,
             count(*) FILTER (WHERE v.stated AND v.confidence = 'low') AS low_confidence
      FROM fit_value v
      JOIN fit f ON f.id = v.fit
      JOIN law l ON l.id = f.law
      JOIN paper p ON p.key = l.paper
      GROUP BY p.key, p.label) c
WHERE c.not_stated + c.recalled + c.low_confidence > 0
ORDER BY c.not_stated + c.recalled + c.low_confidence DESC, c.paper;
