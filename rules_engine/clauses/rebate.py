"""Rebates on purchases or sales, mostly by tiers."""

from __future__ import annotations

from rules_engine.clauses.kind import ClauseKind
from rules_engine.clauses.shape import plain
from rules_engine.core.program import Papers

CLAUSE = ClauseKind("rebate", ("Rebate", "返利"), "supplier", Papers("supplier", "invoice_discount", "contract"), plain)
