"""Promotions worked out from orders."""
