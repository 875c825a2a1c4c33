-- title: Laws by what they take
-- answers: Which quantities do laws take as variables, under which symbols, and in how many laws and papers?
SELECT v.quantity, count(DISTINCT v.law) AS laws, count(DISTINCT l.paper) AS papers,
       (SELECT group_concat(symbol, ', ') FROM (
          SELECT DISTINCT o.symbol FROM variable o WHERE o.quantity = v.quantity ORDER BY o.symbol) used) AS symbols
FROM variable v JOIN law l ON l.id = v.law
GROUP BY v.quantity
ORDER BY laws DESC, v.quantity;
