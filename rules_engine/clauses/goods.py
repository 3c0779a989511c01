"""Goods delivered or received: the supply value, payable to the supplier."""

from __future__ import annotations

from rules_engine.clauses.kind import ClauseKind
from rules_engine.clauses.shape import plain
from rules_engine.core.program import Papers

CLAUSE = ClauseKind("goods", ("Goods", "货款"), "platform", Papers("supplier", "invoice_discount", "contract"), plain)
