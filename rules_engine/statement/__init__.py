"""Statements: a settlement as text, JSON, CSV and HTML, with every line opening to its explanation."""
