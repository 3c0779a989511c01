"""Expressions over documents: a compiled evaluator and the reference it must agree with."""
