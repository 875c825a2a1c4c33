-- title: Exponents across papers and modalities
-- answers: Which exponents of comparable meaning do papers give, and with which intervals?
-- Four meanings, each dimensionless. Of a pre-training loss (cross-entropy) how it falls in parameters, in tokens or
-- other data, and in compute; and how the compute-optimal number of parameters grows in compute. `floor` says whether
-- the fitted law has an irreducible loss: exponents with and without one are not comparable. The list names the laws and
-- coefficients that mean this; a law with an exponent over its sum, with a form of another kind or of another output
-- is left out. Each author's fit to a set of runs stands once, unrounded where there is a choice; fits that tie two
-- exponents stand where nothing else does; values that are only recalled are left out.
WITH meant(meaning, floor, law, symbol) AS (VALUES
    ('loss in parameters', 'no', 'kaplan2020/n', 'alpha_N'),
    ('loss in parameters', 'no', 'clark2022/dense', 'alpha_N'),
    ('loss in parameters', 'yes', 'hoffmann2022/parametric', 'alpha'),
    ('loss in parameters', 'yes', 'hu2024/parametric', 'alpha'),
    ('loss in parameters', 'yes', 'krajewski2024/granularity', 'alpha'),
    ('loss in parameters', 'yes', 'kumar2024/loss', 'alpha'),
    ('loss in parameters', 'yes', 'li2024b/chinchilla-form', 'alpha'),
    ('loss in parameters', 'yes', 'sardana2024/loss', 'alpha'),
    ('loss in parameters', 'yes', 'aghajanyan2023/unimodal', 'alpha'),
    ('loss in parameters', 'yes', 'frantar2023/sparse', 'b_N'),
    ('loss in parameters', 'yes', 'henighan2020/n', 'alpha_x'),
    ('loss in data', 'no', 'kaplan2020/d', 'alpha_D'),
    ('loss in data', 'yes', 'hoffmann2022/parametric', 'beta'),
    ('loss in data', 'yes', 'hu2024/parametric', 'beta'),
    ('loss in data', 'yes', 'krajewski2024/granularity', 'beta'),
    ('loss in data', 'yes', 'kumar2024/loss', 'beta'),
    ('loss in data', 'yes', 'li2024b/chinchilla-form', 'beta'),
    ('loss in data', 'yes', 'sardana2024/loss', 'beta'),
    ('loss in data', 'yes', 'aghajanyan2023/unimodal', 'beta'),
    ('loss in data', 'yes', 'frantar2023/sparse', 'b_D'),
    ('loss in compute', 'no', 'kaplan2020/c-naive', 'alpha_C'),
    ('loss in compute', 'no', 'kaplan2020/cmin', 'alpha_C'),
    ('loss in compute', 'yes', 'henighan2020/c', 'alpha_x'),
    ('optimal size in compute', NULL, 'kaplan2020/nopt', 'p'),
    ('optimal size in compute', NULL, 'henighan2020/nopt', 'beta'),
    ('optimal size in compute', NULL, 'hoffmann2022/approach1', 'a'),
    ('optimal size in compute', NULL, 'hoffmann2022/approach2', 'a'),
    ('optimal size in compute', NULL, 'neumann2023/optimal-size', 'alpha_opt')),
  again(fit) AS (VALUES
    ('hoffmann2022/parametric/published-rounded'), ('hoffmann2022/parametric/besiroglu2024'),
    ('hoffmann2022/parametric/besiroglu2024-grid'), ('hoffmann2022/parametric/sardana2024'),
    ('henighan2020/nopt/language'), ('hu2024/parametric/ultratext'), ('krajewski2024/granularity/experts-64-held-out'),
    ('li2024b/chinchilla-form/example-run-tied'), ('sardana2024/loss/used'),
    ('sardana2024/loss/up-to-100-refit'), ('sardana2024/loss/all-refit'),
    ('clark2022/dense/refit'), ('frantar2023/sparse/t5-c4-refit'))
SELECT m.meaning,
       CASE WHEN EXISTS (SELECT 1 FROM fit_value z WHERE z.fit = f.id AND z.symbol = 'L_inf' AND z.value = 0) THEN 'no'
            ELSE m.floor END AS floor,
       CASE WHEN v.basis = 'refit' THEN 'This catalog, on data of ' || p.label ELSE p.label END AS paper,
       CASE WHEN f.slug LIKE '%text-to-image%' OR f.slug LIKE '%image-to-text%' OR f.slug IN ('image-text', 'speech-text')
              THEN 'two modalities'
            WHEN f.slug LIKE 'image%' OR f.slug LIKE 'vit%' THEN 'images'
            WHEN f.slug LIKE 'video%' THEN 'video'
            WHEN f.slug IN ('math', 'code', 'molecules', 'speech') THEN f.slug
            WHEN f.law LIKE 'neumann2023/%' THEN 'games'
            ELSE 'text' END AS modality,
       f.setting, v.value, v.low, v.high, v.level AS coverage, v.basis, l.name AS law, v.symbol, f.id AS fit
FROM meant m
JOIN law l ON l.id = m.law
JOIN fit f ON f.law = m.law
JOIN fit_value v ON v.fit = f.id AND v.symbol = m.symbol
JOIN paper p ON p."key" = v.source_paper
WHERE v.stated AND v.basis <> 'recalled' AND f.superseded_by IS NULL AND f.id NOT IN (SELECT fit FROM again)
ORDER BY CASE m.meaning WHEN 'loss in parameters' THEN 1 WHEN 'loss in data' THEN 2 WHEN 'loss in compute' THEN 3 ELSE 4 END,
         floor, p.year, p.label, v.basis = 'refit', m.law, f.position;
