"""Whole contracts as text: headers of every policy, declarations, and clauses as a finance person writes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hypothesis import strategies as st

from tests.strategies import printer
from tests.strategies.frame import MEASURES, TERMS

Draw = Any
SETTLED = ("monthly", "monthly", "monthly", "quarterly", "half-monthly", "monthly starting day 17")
MODES = ("half up", "half up", "half even", "half down", "up", "down", "floor", "ceiling")
STEPS = ("0.01", "0.01", "0.05", "0.1", "1")
PAYOUTS = (
    "any amount, negative carried forward",
    "at least 25, negative carried forward",
    "any amount, negative invoiced",
    "at least 5, at most 2 deferrals, negative carried forward, written off after 3 settlements",
)
PLAIN_HEADER = """contract W-1 "Written"
  platform  "Northgate Retail"
  supplier  S-1 "Golden Grain"
  mode      self_operated
  signed    2025-10-10
  term      2026-01-01 to 2026-12-31
  currency  CNY
  prices    include VAT 13%
  settle    monthly
  pay       60 days after statement
  payout    any amount, negative carried forward
  late documents  settle in the period they arrive
  returns   in their own period
  rounding  half up to 0.01 on each line
"""
"""The header of a contract whose clauses alone matter."""
DECLARED = """
party dealer D-20 "Orchard Trading"

documents audits "Store audits"
  side    none
  column  score  number 0 to 100

value target "Target"
  20  until 2026-02-14
  55  from  2026-02-15

measure season "Factor of the season"
  amount
    1.15  from 2026-02-01 until 2026-03-15
    1     otherwise

measure expected "3% of what was sold, 1% of tea"
  on    turnover
  rate
    1%  for category = tea
    3%  otherwise

measure bad_audits "Audits below 80"
  count over audits where score < 80
"""


@dataclass(frozen=True)
class Sheet:
    """What clauses must know of the header."""

    start: date
    end: date
    settled: str
    year: str

    @property
    def windows(self) -> tuple[str, ...]:
        """Judging windows that no settlement cuts in a way the checker would refuse."""
        return (
            ("quarter", "year", "term")
            if self.settled == "quarterly"
            else ("month", "month", "quarter", "half year", "year", "term")
        )


@st.composite
def sheets(draw: Draw) -> tuple[Sheet, str]:
    """A sheet and its header as text."""
    start, end = draw(st.sampled_from(TERMS))
    sheet = Sheet(start, end, draw(st.sampled_from(SETTLED)), draw(st.sampled_from(("", "", "02-01", "03-01"))))
    late = draw(st.sampled_from(("settle in the period they arrive", "settle in the period they arrive", "are not settled")))
    place = draw(st.sampled_from(("on each line", "on each line", "on the total")))
    lines = [
        'contract W-1 "Written"',
        '  platform  "Northgate Retail"',
        '  supplier  S-1 "Golden Grain"',
        "  mode      self_operated",
        "  signed    2025-10-10",
        f"  term      {start} to {end}",
        "  currency  CNY",
        f"  prices    {draw(st.sampled_from(('include VAT 13%', 'include VAT 13%', 'exclude VAT 13%')))}",
        f"  settle    {sheet.settled}",
        "  pay       60 days after statement",
        f"  payout    {draw(st.sampled_from(PAYOUTS))}",
        f"  late documents  {late}",
        f"  returns   {draw(st.sampled_from(('in their own period', 'back to the sale')))}",
        f"  rounding  {draw(st.sampled_from(MODES))} to {draw(st.sampled_from(STEPS))} {place}",
        *([f"  year starts {sheet.year}"] if sheet.year else []),
        *(["  corrections by reversal"] if draw(st.integers(0, 3)) == 0 else []),
    ]
    return sheet, "\n".join(lines) + "\n"


def declarations() -> str:
    """The measures of every generated contract, and what only written ones declare."""
    return "".join("\n" + "\n".join(printer.block(each)) + "\n" for each in MEASURES) + DECLARED


def text_of(header: str, clauses: Sequence[str]) -> str:
    """The contract's file."""
    return header + declarations() + "".join(f"\n{clause.strip()}\n" for clause in clauses)
