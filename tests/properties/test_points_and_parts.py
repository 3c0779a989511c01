"""Two corners of the kernel by hand: documents that cancel in date order, and groups that come after a point."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from tests.properties.pipeline import amounts, checked, run
from tests.strategies.documents import Row

HEAD = """contract P-1 "By hand"
  platform  "Northgate Retail"
  supplier  S-1 "Golden Grain"
  term      2026-01-01 to 2026-03-31
  currency  CNY
  prices    include VAT 13%
  settle    monthly
  pay       60 days after statement
  payout    any amount, negative carried forward
  late documents  settle in the period they arrive
  returns   in their own period
  rounding  half up to 0.01 on each line
"""
ORDERED = """
fee ordered
  on        sum of quantity over sales less customer_returns
  period    quarter, on account monthly
  negative  turns round
  spread over document in date order
  rate      1 per unit
"""
STAYS = """
rebate kept
  on      sum of quantity over sales
  per     sku
  period  quarter, on account monthly, never taken back
  tiers   marginal
    at zero     5
    up to 1000  1 per unit
    over  1000  2 per unit
"""


def moved(text: str, *rows: Row) -> list[dict[tuple[str, ...], Fraction]]:
    """What each month posts, by group."""
    made = checked(text)
    settled = run(made, rows, made.periods)
    return [{tuple(value for _, value in group): amount for (_, group, _), amount in amounts(each).items()} for each in settled]


def document(kind: str, name: str, day: date, quantity: int) -> Row:
    """One document of an article."""
    return {"type": kind, "doc_id": name, "line_no": "1", "date": day, "sku": "s1", "quantity": Fraction(quantity)}


def test_documents_that_cancel_keep_their_own_parts() -> None:
    sold, back = document("sale", "S1", date(2026, 1, 5), 14), document("customer_return", "R1", date(2026, 2, 5), 14)
    assert moved(HEAD + ORDERED, sold, back) == [{("S1",): 14}, {("R1",): -14}, {}]


def test_a_group_earns_nothing_before_its_first_document() -> None:
    assert moved(HEAD + STAYS, document("sale", "S1", date(2026, 2, 5), 3)) == [{}, {("s1",): 3}, {}]
