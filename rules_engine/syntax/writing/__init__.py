"""From a tree to its text, in either language."""
