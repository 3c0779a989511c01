"""Prepayments applied against what is payable, never below a net of zero."""

from __future__ import annotations

from rules_engine.clauses.kind import ClauseKind
from rules_engine.clauses.shape import plain
from rules_engine.core.program import Papers

CLAUSE = ClauseKind(
    "prepayment",
    ("Prepayment", "预付款"),
    "supplier",
    Papers("none", "prepayment", "none"),
    plain,
    fields=("unpaid", "refund"),
    collect="within_net",
)
