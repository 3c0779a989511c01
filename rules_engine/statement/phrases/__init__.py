"""Phrase tables: key → (English, Chinese)."""
