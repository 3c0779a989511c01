"""Balances and credits: what is put in, what waits in them, who takes it."""
