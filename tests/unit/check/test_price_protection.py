"""Price protection: which goods, which price, never below zero, and what must be written."""

from __future__ import annotations

from decimal import Decimal

import pytest

from rules_engine.documents.read import from_rows
from rules_engine.settlement.settle import settle
from tests.unit.check.checking import codes, program

COLUMNS = "documents price_adjustments\n  column old_price money\n  column new_price money\n  column in_stock number\n\n"
CUT = "price protection p\n  over       price_adjustments\n  cut        old_price to new_price\n"


@pytest.mark.parametrize("evaluator", ["compiled", "interpreter"])
def test_units_may_be_looked_up_as_they_were_on_the_day(evaluator: str) -> None:
    text = f"{COLUMNS}{CUT}  protects   stock (latest quantity over stock where sku = this sku and date <= this date)\n  increases  do not count\n"
    found = program(text)
    rows = [
        {"type": "stock", "doc_id": "ST-1", "date": "2026-03-09", "sku": "A", "quantity": "60"},
        {"type": "stock", "doc_id": "ST-2", "date": "2026-03-11", "sku": "A", "quantity": "10"},
        {"type": "price_adjustment", "doc_id": "PA-1", "date": "2026-03-10", "sku": "A", "old_price": "80", "new_price": "75"},
    ]
    settlement = settle(found, from_rows(rows, found), "2026-03", evaluator=evaluator)
    assert [line.amount for line in settlement.lines] == [Decimal("300.00")]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("  protects   stock in_stock\n", "SE0597"),
        ("  increases  do not count\n", "SE0596"),
        ("  protects   stock in_stock\n  increases  do not count\n  rate 5%\n", "SE0202"),
    ],
)
def test_what_must_be_written(lines: str, code: str) -> None:
    assert codes(COLUMNS + CUT + lines) == [code]
