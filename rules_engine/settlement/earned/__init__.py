"""What a clause comes to: base and price, bounds, rounding, reversals, who funds it."""
