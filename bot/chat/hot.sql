-- hot: The questions that most customers ask, as marked by whoever keeps the knowledge base.
SELECT id, question FROM knowledge WHERE hot AND published ORDER BY category, id LIMIT $1;
