"""What words and names mean: scopes, units, expressions, the order of computation."""
