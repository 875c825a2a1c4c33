-- title: Papers to explore
-- answers: Of each paper: what is it about, who wrote it, how many laws has it, and what is there of it?
SELECT p.key, p.label AS paper, p.title, p.year,
       (SELECT count(*) FROM law l WHERE l.paper = p.key) AS laws,
       (SELECT l.rung FROM law l JOIN law_rung r ON r.law = l.id AND r.rung = l.rung
        WHERE l.paper = p.key ORDER BY r.position DESC LIMIT 1) AS rung,
       (SELECT group_concat(what, ' ') FROM (
          SELECT 'code' AS what FROM code c WHERE c.paper = p.key
            AND (c.training IN ('released', 'partial') OR c.analysis IN ('released', 'partial'))
          UNION ALL SELECT 'data' WHERE EXISTS (SELECT 1 FROM dataset_paper d WHERE d.paper = p.key)
            OR EXISTS (SELECT 1 FROM code c WHERE c.paper = p.key AND c.data IN ('released', 'partial'))
          UNION ALL SELECT 'intervals' WHERE EXISTS (
            SELECT 1 FROM law l JOIN fit f ON f.law = l.id JOIN fit_value v ON v.fit = f.id
            WHERE l.paper = p.key AND (v.low IS NOT NULL OR v.standard_error IS NOT NULL))
          UNION ALL SELECT 'refit' WHERE EXISTS (
            SELECT 1 FROM law l JOIN reproduction r ON r.law = l.id WHERE l.paper = p.key)
          ORDER BY what) had) AS has,
       (SELECT group_concat(id, ' ') FROM (
          SELECT DISTINCT a.id, a.position FROM paper_topic t JOIN topic a ON t.topic = a.id OR t.topic LIKE a.id || '.%'
          WHERE t.paper = p.key ORDER BY a.position) topics) AS topic,
       (SELECT group_concat(question, ' ') FROM (
          SELECT question FROM paper_question q WHERE q.paper = p.key ORDER BY question) questions) AS question,
       (SELECT group_concat(modality, ' ') FROM (
          SELECT modality FROM paper_modality m WHERE m.paper = p.key ORDER BY modality) modalities) AS modality,
       (SELECT group_concat(architecture, ' ') FROM (
          SELECT architecture FROM paper_architecture a WHERE a.paper = p.key ORDER BY architecture) built) AS architecture,
       (SELECT group_concat(task, ' ') FROM (
          SELECT task FROM paper_task t WHERE t.paper = p.key ORDER BY task) tasks) AS task,
       (SELECT group_concat(name, '; ') FROM (
          SELECT name FROM paper_author w JOIN author a ON a.id = w.author
          WHERE w.paper = p.key ORDER BY w.position) written) AS authors,
       (SELECT group_concat(name, '; ') FROM (
          SELECT name FROM alias WHERE kind = 'paper' AND target = p.key ORDER BY name) called) AS aliases
FROM paper p
WHERE p.recorded
ORDER BY lower(p.label), p.key;
