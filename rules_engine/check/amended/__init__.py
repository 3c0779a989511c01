"""Later texts of a contract and the days from which they count."""
