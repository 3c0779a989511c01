"""Any other charge; who pays it is written."""

from __future__ import annotations

from rules_engine.clauses.kind import ClauseKind
from rules_engine.clauses.shape import plain
from rules_engine.core.program import Papers

CLAUSE = ClauseKind("charge", ("Charge", "扣款"), "", Papers("receipt", "cash", "none"), plain)
