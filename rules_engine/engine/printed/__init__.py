"""The compiled evaluator: core expressions printed as Python."""
