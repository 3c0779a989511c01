"""The supplier's share of recorded promotional discounts."""

from __future__ import annotations

from rules_engine.clauses.kind import ClauseKind
from rules_engine.clauses.shape import plain
from rules_engine.core.program import Papers

CLAUSE = ClauseKind("promotion", ("Promotion sharing", "促销返利"), "supplier", Papers("platform", "cash", "contract"), plain)
