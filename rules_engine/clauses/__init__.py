"""Clause kinds: the trade's names for one shape, each a module that says what is preset and what it computes."""
