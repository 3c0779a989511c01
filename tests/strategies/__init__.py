"""Hypothesis strategies for contracts (as trees) and the documents that go with them."""
