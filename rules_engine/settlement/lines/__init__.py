"""Movements become lines: ids, names, papers, explanations, what people said of them."""
