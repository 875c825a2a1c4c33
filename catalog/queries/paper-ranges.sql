-- title: Sizes of models and amounts of data, paper by paper
-- answers: From what to what do the models and the data of each paper's runs go, all in all, and what does the survey print?
-- formerly: model-ranges, data-ranges
-- The range of a single law stands under fitted-ranges.
SELECT r.paper, p.label, p.year, r.what, r.quantity, r.low, r.high,
       CASE WHEN r.low > 0 AND r.high > 0 THEN round(CAST(log10(r.high/r.low) AS numeric), 2) END AS decades,
       r.as_the_survey_prints
FROM (SELECT key AS paper, 'model' AS what, model_quantity AS quantity, model_low AS low, model_high AS high,
             model_printed AS as_the_survey_prints FROM paper
      UNION ALL SELECT key, 'data', data_quantity, data_low, data_high, data_printed FROM paper) r
JOIN paper p ON p.key = r.paper
WHERE r.low IS NOT NULL OR r.high IS NOT NULL
ORDER BY r.what DESC, r.quantity, r.high DESC NULLS LAST, r.paper;
