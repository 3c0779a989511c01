"""Transport charged on to the supplier."""

from __future__ import annotations

from rules_engine.clauses.kind import ClauseKind
from rules_engine.clauses.shape import plain
from rules_engine.core.program import Papers

CLAUSE = ClauseKind("freight", ("Freight", "运费"), "supplier", Papers("platform", "cash", "contract"), plain)
