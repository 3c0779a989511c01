"""Goods that came back: their supply value reduces the goods invoice."""

from __future__ import annotations

from rules_engine.clauses.kind import ClauseKind
from rules_engine.clauses.shape import plain
from rules_engine.core.program import Papers

CLAUSE = ClauseKind("returns", ("Returns", "退货"), "supplier", Papers("supplier", "invoice_discount", "contract"), plain)
