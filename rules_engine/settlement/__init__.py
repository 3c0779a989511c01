"""Documents become a settlement: target minus posted, key by key."""
