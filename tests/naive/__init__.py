"""A second opinion: settles a syntax tree over plain rows with Fractions, slowly and from scratch each time.

It shares nothing with the package but the tree's dataclasses. No index, no decimal, nothing remembered but a run's own targets: a
sum is a loop over all rows, a window is a set of days. Where it and the engine differ, one of them is wrong.
"""
