"""Commission on sales."""

from __future__ import annotations

from rules_engine.clauses.kind import ClauseKind
from rules_engine.clauses.shape import plain
from rules_engine.core.program import Papers

CLAUSE = ClauseKind("commission", ("Commission", "佣金"), "supplier", Papers("platform", "cash", "contract"), plain)
