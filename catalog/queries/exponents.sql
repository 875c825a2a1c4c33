-- title: Comparable exponents across papers and modalities
-- answers: How does a loss fall in parameters, data and compute, and the best size grow in compute, by modality and source?
-- formerly: figure-exponents, exponents-by-modality
-- Which coefficient is the exponent of which variable is read off the formula (coefficient.exponent_of). Compared are
-- exponents of a loss in nats or bits, and of a best number of parameters. Left out are: papers whose main topic is
-- post-training; laws in which two sizes, or two amounts of data, play a part, or two exponents one variable; laws that
-- rise in one of these variables, such as penalties; values that are only recalled, taken over from another fit, or
-- superseded. `floor` says whether the fit has an irreducible loss: exponents with and without one are not comparable.
-- Of the fits of one law by one source in one modality, one stands here: the default, or else the first that has an
-- interval, the most observations, the most digits. `fits` says of how many, `least` and `most` from what to what they go.
WITH counted(quantity, what) AS (VALUES
    ('parameters', 'parameters'), ('tokens', 'data'), ('characters', 'data'), ('bytes', 'data'), ('words', 'data'),
    ('examples', 'data'), ('images', 'data'), ('FLOP', 'compute'), ('PF-day', 'compute')),
  -- The variables of interest; `sense` makes an exponent of what falls with size, and grows with compute, positive.
  known AS (
    SELECT l.id AS law, v.symbol AS variable,
           CASE WHEN l.output_quantity = 'parameters' THEN 1 ELSE -1 END AS sense,
           CASE WHEN l.output_quantity = 'parameters' THEN 'optimal size in ' ELSE 'loss in ' END || n.what AS meaning
    FROM law l JOIN variable v ON v.law = l.id JOIN counted n ON n.quantity = v.quantity
    WHERE (l.output_quantity LIKE 'nat/%' OR l.output_quantity LIKE 'bit/%'
           OR l.output_quantity = 'parameters' AND n.what = 'compute')
      AND NOT EXISTS (SELECT 1 FROM variable o JOIN counted m ON m.quantity = o.quantity
                      WHERE o.law = v.law AND o.symbol <> v.symbol AND m.what = n.what)
      AND NOT EXISTS (SELECT 1 FROM paper_topic t WHERE t.paper = l.paper AND t.is_primary
                      AND (t.topic = 'model.posttraining' OR t.topic LIKE 'model.posttraining.%'))),
  given AS (
    SELECT k.meaning, f.id AS fit, v.symbol, k.sense*c.exponent_sign AS way, k.sense*c.exponent_sign*v.value AS value,
           CASE WHEN v.basis = 'refit' THEN 1 ELSE 0 END AS ours,
           CASE WHEN k.meaning LIKE 'loss%' THEN
             CASE WHEN EXISTS (SELECT 1 FROM coefficient t LEFT JOIN fit_value z ON z.fit = f.id AND z.symbol = t.symbol
                               WHERE t.law = f.law AND t.term_sign IS NOT NULL AND (z.value IS NULL OR z.value <> 0))
                  THEN 'yes' ELSE 'no' END END AS floor,
           (SELECT group_concat(title, ', ') FROM (
              SELECT m.title FROM fit_modality fm JOIN modality m ON m.id = fm.modality
              WHERE fm.fit = f.id ORDER BY m.title) titles) AS modality
    FROM known k
    JOIN coefficient c ON c.law = k.law AND c.exponent_of = k.variable
    JOIN fit f ON f.law = k.law
    JOIN fit_value v ON v.fit = f.id AND v.symbol = c.symbol
    WHERE v.stated AND v.basis <> 'recalled' AND v.taken_from IS NULL AND f.superseded_by IS NULL
      AND NOT EXISTS (SELECT 1 FROM coefficient o
                      WHERE o.law = c.law AND o.exponent_of = c.exponent_of AND o.symbol <> c.symbol)),
  ranked AS (
    SELECT g.*, min(g.value) OVER one_fit AS lowest, min(g.value) OVER alike AS least, max(g.value) OVER alike AS most,
           count(*) OVER alike AS fits,
           row_number() OVER (
             PARTITION BY f.law, v.source_paper, g.ours, g.modality, g.floor, g.symbol
             ORDER BY CASE WHEN f.slug = l.default_fit THEN 0 ELSE 1 END, CASE WHEN v.low IS NULL THEN 1 ELSE 0 END,
                      coalesce(f.observations, 0) DESC, length(CAST(v.value AS TEXT)) DESC, f.position) AS place
    FROM given g
    JOIN fit f ON f.id = g.fit
    JOIN law l ON l.id = f.law
    JOIN fit_value v ON v.fit = g.fit AND v.symbol = g.symbol
    WINDOW one_fit AS (PARTITION BY g.fit),
           alike AS (PARTITION BY f.law, v.source_paper, g.ours, g.modality, g.floor, g.symbol))
SELECT r.meaning, r.floor, r.modality,
       CASE WHEN r.ours = 1 THEN 'This catalog, on data of ' || p.label ELSE p.label END AS source,
       r.value, CASE WHEN r.way = 1 THEN v.low ELSE -v.high END AS low,
       CASE WHEN r.way = 1 THEN v.high ELSE -v.low END AS high, v.level AS coverage, r.fits, r.least, r.most,
       v.basis, l.name AS law, f.setting, r.symbol, r.fit
FROM ranked r
JOIN fit f ON f.id = r.fit
JOIN law l ON l.id = f.law
JOIN fit_value v ON v.fit = r.fit AND v.symbol = r.symbol
JOIN paper p ON p.key = v.source_paper
WHERE r.place = 1 AND r.lowest > 0
ORDER BY CASE r.meaning WHEN 'loss in parameters' THEN 1 WHEN 'loss in data' THEN 2 WHEN 'loss in compute' THEN 3 ELSE 4 END,
         r.floor, r.modality, p.year, p.label, r.ours, f.law, r.fit, r.symbol;
