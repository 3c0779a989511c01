"""What is declared beside prices: balances, bounds, exceptions, periods, findings."""
