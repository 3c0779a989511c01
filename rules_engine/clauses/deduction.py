"""Deduction points: an unconditional percentage of a base."""

from __future__ import annotations

from rules_engine.clauses.kind import ClauseKind
from rules_engine.clauses.shape import plain
from rules_engine.core.program import Papers

CLAUSE = ClauseKind(
    "deduction", ("Deduction points", "扣点"), "supplier", Papers("supplier", "invoice_discount", "contract"), plain
)
