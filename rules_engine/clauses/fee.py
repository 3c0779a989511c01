"""Fees: a percentage, a price per unit, or a fixed amount on a date or for a period."""

from __future__ import annotations

from rules_engine.clauses.kind import ClauseKind
from rules_engine.clauses.shape import plain
from rules_engine.core.program import Papers

CLAUSE = ClauseKind("fee", ("Fee", "费用"), "supplier", Papers("platform", "cash", "contract"), plain)
