"""Many contracts of one shape settled at once, over columns."""
