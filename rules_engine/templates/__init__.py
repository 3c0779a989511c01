"""Templates: one text with typed parameters from which many contracts are made."""
