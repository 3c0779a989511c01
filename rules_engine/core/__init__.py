"""The waist of the hourglass: the program a checked contract becomes, and nothing of how it was written."""
