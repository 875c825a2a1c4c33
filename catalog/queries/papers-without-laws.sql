-- title: Papers without a law
-- answers: Which papers of the catalog state no law, and why?
SELECT p.key AS paper, p.label, p.title, p.why_no_laws
FROM paper p
WHERE p.recorded AND NOT EXISTS (SELECT 1 FROM law l WHERE l.paper = p.key)
ORDER BY p.key;
