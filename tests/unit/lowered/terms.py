"""A contract of a few clauses, its figures to be filled in."""

from __future__ import annotations

from rules_engine.api import SourceFile, diagnose
from rules_engine.core.program import Program
from rules_engine.lowered.model import Lowered
from rules_engine.lowered.shape import shape_of

HEADER = """contract {id} "{title}"
  platform   "Northgate Retail Trading Co."
  supplier   S-10023 "Golden Grain Foods Co."
  mode       self_operated
  signed     2025-12-22
  term       2026-01-01 to 2026-12-31
  currency   CNY
  prices     include VAT 13%
  settle     monthly
  pay        60 days after statement
  payout     any amount, negative carried forward
  late documents  settle in the period they arrive
  returns    in their own period
  rounding   half up to 0.01 on each line

measure {measure}
  sum of paid over sales{where}

"""

GROWTH = """rebate {clause} "{title}"
  on        {measure}
  per       category
  period    month
  rounding  half up to {unit}
  at most   {cap} in each month
  tiers     {reading}
    up to {first}   {low}%
    up to {second}  {middle}%
    over  {second}  {high}%
"""

USUAL = {
    "id": "C-1", "title": "One", "measure": "revenue", "where": "", "clause": "growth", "unit": "0.01", "cap": "5,000", "reading": "marginal",
    "first": "100", "second": "1,000", "low": "1", "middle": "2.5", "high": "4",
}  # fmt: skip


def program(text: str) -> Program:
    found, findings = diagnose(SourceFile("lowered.contract", text))
    assert found is not None, findings
    return found


def growth(**changes: str) -> Lowered:
    """The one clause of a contract, with other figures or words."""
    written = program((HEADER + GROWTH).format_map(USUAL | changes))
    found = shape_of(written, next(iter(written.clauses.values())))
    assert isinstance(found, Lowered), found
    return found
