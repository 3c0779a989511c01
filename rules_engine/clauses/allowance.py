"""An allowance; who grants it is written."""

from __future__ import annotations

from rules_engine.clauses.kind import ClauseKind
from rules_engine.clauses.shape import plain
from rules_engine.core.program import Papers

CLAUSE = ClauseKind("allowance", ("Allowance", "补贴"), "", Papers("supplier", "invoice_discount", "contract"), plain)
