"""Penalties and fines: a receipt, never a discount on the goods invoice."""

from __future__ import annotations

from rules_engine.clauses.kind import ClauseKind
from rules_engine.clauses.shape import plain
from rules_engine.core.program import Papers

CLAUSE = ClauseKind("penalty", ("Penalty", "罚款"), "supplier", Papers("receipt", "cash", "none"), plain)
