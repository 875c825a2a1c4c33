-- title: Published intervals
-- answers: Which coefficients have an interval, at what level, and how was it found?
SELECT v.fit, v.symbol, v.value, v.low, v.high, v.level, v.standard_error, v.interval_method, v.basis, v.confidence
FROM fit_value v
WHERE v.low IS NOT NULL OR v.high IS NOT NULL OR v.standard_error IS NOT NULL
ORDER BY v.fit, v.position;
