-- title: Refits of published laws
-- answers: Which laws were refitted on public data, and what came of it?
SELECT r.dataset, r.title AS refit, r.law, r.fits, r.rows, round(CAST(r.rmse_log AS numeric), 4) AS rmse_log, r.verdict
FROM reproduction r
ORDER BY r.dataset, r.id;
