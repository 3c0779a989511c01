"""A base of nothing that is two which cancel each other: rows and places on a counter are priced apart."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from tests.properties.pipeline import amounts, checked, run
from tests.strategies.terms import clause
from tests.strategies.written import PLAIN_HEADER as HEADER, text_of

BY_ROW = clause(
    "rebate bonus", "  on sum of supply_amount over sales less customer_returns",
    "  rate\n    5%  for category = oil\n    3%  otherwise",
)  # fmt: skip
ALONG = [
    "counter sold\n  sum of quantity over sales less customer_returns\n  restarts every year",
    clause(
        "rebate bonus", "  on sum of supply_amount over sales less customer_returns",
        "  tiers marginal along sold\n    up to 10  1%\n    over 10  2%",
    ),
    clause("fee milestone", "  on sum of supply_amount over sales", "  tiers marginal along sold\n    up to 15  none\n    over 15  5"),
]  # fmt: skip


def sold(number: str, day: date, amount: int = 1000, **cells: Any) -> dict[str, Any]:
    figures = {"quantity": Fraction(10), "supply_amount": Fraction(amount)}
    return {"type": "sale", "doc_id": number, "line_no": "1", "date": day, "category": "tea", **figures, **cells}


def back(number: str, day: date, of: str) -> dict[str, Any]:
    return sold(number, day, type="customer_return", ref_doc_id=of, ref_line_no="1", category=None)


@pytest.mark.parametrize("evaluator", ["compiled", "interpreter"])
def test_rows_that_cancel_each_other_are_priced_apart(evaluator: str) -> None:
    made = checked(text_of(HEADER, [BY_ROW]))
    rows = [sold("A", date(2026, 1, 5)), sold("B", date(2026, 2, 5), category="oil"), back("C", date(2026, 2, 7), "A")]
    found = [list(amounts(each).values()) for each in run(made, rows, made.periods[:2], evaluator)]
    assert found == [[Fraction(30)], [Fraction(20)]]


@pytest.mark.parametrize("evaluator", ["compiled", "interpreter"])
def test_places_on_a_counter_that_cancel_each_other_are_priced_apart(evaluator: str) -> None:
    made = checked(text_of(HEADER, ALONG))
    rows = [sold("A", date(2026, 1, 5)), sold("B", date(2026, 2, 5)), back("C", date(2026, 2, 7), "A"), sold("F", date(2026, 3, 2), 0)]
    found = [{mark[0]: amount for mark, amount in amounts(each).items()} for each in run(made, rows, made.periods[:3], evaluator)]
    assert found == [
        {"bonus": Fraction(10)},
        {"bonus": Fraction(10), "milestone": Fraction(5)},
        {"milestone": Fraction(5)},
    ]
