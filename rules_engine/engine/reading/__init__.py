"""Documents enriched, grouped and added up, each series once."""
