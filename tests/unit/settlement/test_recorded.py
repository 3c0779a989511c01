"""Recorded discounts against those worked out from orders: a difference is a notice and moves no money."""

from __future__ import annotations

from decimal import Decimal

import pytest

from rules_engine.api import check
from rules_engine.documents.read import from_rows
from rules_engine.settlement.settle import settle
from rules_engine.source import SourceFile
from tests.unit.check.checking import HEADS

PROMOTION = """
promotion p
  on sum of list_amount over sales less customer_returns
  reduce 100 from 199
  funded supplier 60%, rest platform
  returned orders keep
  check against recorded
  {days}
"""
SALE = {"type": "sale", "doc_id": "S-1", "date": "2026-03-05", "list_amount": "200", "platform_discount": "100"}
LATE = {"type": "sale", "doc_id": "S-2", "date": "2026-04-01", "list_amount": "300", "platform_discount": "7"}
BACK = {
    "type": "customer_return",
    "doc_id": "R-1",
    "date": "2026-04-05",
    "ref_doc_id": "S-1",
    "list_amount": "200",
    "platform_discount": "100",
}


def notices(rows: list[dict[str, str]], period: str, days: str = "") -> list[str]:
    found = check(SourceFile("t.contract", HEADS["en"] + PROMOTION.format(days=days)))
    settlement = settle(found, from_rows(rows, found), period)
    assert sum((line.amount for line in settlement.lines if str(line.window.start) == "2026-03-01"), Decimal(0)) == Decimal(
        "60.00"
    )
    return [text for code, text in settlement.notices if code == "differs_from_recorded"]


@pytest.mark.parametrize(
    ("recorded", "told"),
    [
        ("100", []),
        ("95", ["`p`, 2026-03: the documents record -5.00 against what the orders come to."]),
        ("", ["`p`, 2026-03: the documents record -100.00 against what the orders come to."]),
    ],
)
def test_a_difference_is_told(recorded: str, told: list[str]) -> None:
    assert notices([{**SALE, "platform_discount": recorded}], "2026-03") == told


def test_only_the_days_of_the_promotion_are_compared() -> None:
    rows = [SALE, LATE, BACK]
    assert notices(rows, "2026-04", "until 2026-03-31") == []
    assert notices(rows, "2026-04") == ["`p`, 2026-04: the documents record -93.00 against what the orders come to."]
