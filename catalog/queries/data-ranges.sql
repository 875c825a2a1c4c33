-- title: Amounts of data, paper by paper
-- answers: From how much to how much data do the runs of each paper go?
SELECT p.key AS paper, p.label, p.year, p.data_quantity, p.data_low, p.data_high,
       p.data_printed AS as_the_survey_prints
FROM paper p
WHERE p.data_low IS NOT NULL OR p.data_high IS NOT NULL
ORDER BY p.data_quantity, p.data_high DESC, p.key;
