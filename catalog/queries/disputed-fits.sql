-- title: Disputed fits
-- answers: Which published coefficients are disputed, by whom, and why?
SELECT d.fit, f.setting, d.paper AS disputed_by, d.reason
FROM fit_dispute d JOIN fit f ON f.id = d.fit
ORDER BY d.fit, d.paper;
