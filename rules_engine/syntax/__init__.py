"""From the text of a contract to its tree and back, in both languages."""
