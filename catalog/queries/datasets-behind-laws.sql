-- title: Public data behind laws
-- answers: Which laws have public data points, where are they, and may they be passed on?
SELECT dl.law, l.name, d.id AS dataset, d.licence, d.redistributable,
       (SELECT sum(f.rows) FROM dataset_file f WHERE f.dataset = d.id) AS rows,
       (SELECT group_concat(repository, ', ') FROM (
          SELECT DISTINCT f.repository FROM dataset_file f WHERE f.dataset = d.id ORDER BY f.repository) each) AS repository
FROM dataset_law dl
JOIN dataset d ON d.id = dl.dataset
JOIN law l ON l.id = dl.law
ORDER BY dl.law, d.id;
