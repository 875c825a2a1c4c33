-- title: Papers of a topic
-- answers: Which papers belong to a topic of the taxonomy or one beneath it, from which year on, and why?
-- parameter: topic = model.pretraining: id of the topic
-- parameter: since = 2020: first year
SELECT t.paper, p.label, p.year, p.title, t.topic, t.is_primary, t.evidence
FROM paper_topic t JOIN paper p ON p.key = t.paper
WHERE (t.topic = :topic OR t.topic LIKE :topic || '.%') AND p.year >= :since
ORDER BY p.year, t.paper, t.topic;
