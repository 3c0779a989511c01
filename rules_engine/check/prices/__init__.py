"""Prices and bases: rows, bands and dates without gaps, and what feeds them."""
