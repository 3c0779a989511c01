"""The reference evaluator: the same answers step by step, with fractions and a trace."""
