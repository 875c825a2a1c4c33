-- title: What values rest on, paper by paper
-- answers: How many coefficient values of each paper were seen in it, in code, on a page, or only recalled?
SELECT p.key AS paper, p.label, count(*) AS stated_values, count(*) FILTER (WHERE v.basis = 'paper') AS in_the_paper,
       count(*) FILTER (WHERE v.basis = 'code') AS in_code, count(*) FILTER (WHERE v.basis = 'page') AS on_a_page,
       count(*) FILTER (WHERE v.basis = 'recalled') AS recalled, count(*) FILTER (WHERE v.basis = 'derived') AS derived,
       count(*) FILTER (WHERE v.basis = 'refit') AS refitted
FROM fit_value v
JOIN fit f ON f.id = v.fit
JOIN law l ON l.id = f.law
JOIN paper p ON p.key = l.paper
WHERE v.stated
GROUP BY p.key, p.label
ORDER BY stated_values DESC, p.key;
