-- title: Fitted ranges, law by law
-- answers: Over which range of each variable was a law fitted, and how many powers of ten is that?
SELECT v.law, v.symbol, v.meaning, v.quantity, v.scale, v.fitted_low, v.fitted_high,
       CASE WHEN v.fitted_low > 0 AND v.fitted_high > 0
            THEN round(log10(v.fitted_high/v.fitted_low), 2) END AS decades
FROM variable v
WHERE v.fitted_low IS NOT NULL OR v.fitted_high IS NOT NULL
ORDER BY v.law, v.position;
