-- title: Laws
-- answers: Which laws are there?
SELECT id FROM law ORDER BY id;
