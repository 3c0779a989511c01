"""What closes a statement: totals, payout, payments, proof, and everything that was left out."""
