"""Caps and floors against each other and against what can be earned."""

from __future__ import annotations

import pytest

from tests.unit.check.knowledge.noting import codes, why

LUMPS = "rebate bonus\n  on sum of supply_amount over purchase_receipts\n  period {period}\n  {bound}\n  tiers whole\n    below 1,000 none\n    from 1,000 50\n    from 2,000 90\n"
STORAGE = "fee storage\n  on sum of quantity over sales\n  rate 0.10 per unit\n  period month\n  at least 100 in each month\n  at most {cap} in each year\n"


@pytest.mark.parametrize(("cap", "expected"), [("1,000", ["SN1006"]), ("1,199.99", ["SN1006"]), ("1,200", [])])
def test_the_floors_of_twelve_months_against_the_cap_of_the_year(cap: str, expected: list[str]) -> None:
    assert codes(STORAGE.format(cap=cap)) == expected


def test_the_difference_is_named() -> None:
    assert why(STORAGE.format(cap="1,000"), "SN1006") == (
        "`storage` has a floor of 12 × 100.00 = 1,200.00 and a cap of 1,000.00: 200.00 of the floor never counts."
    )


def test_a_floor_of_the_price_against_the_cap() -> None:
    text = "fee s\n  on sum of quantity over sales\n  period month\n  rate 0.10 per unit at least 500\n  at most 400 in each month\n"
    assert codes(text) == ["SN1006"]


def test_floors_of_members_against_a_limit() -> None:
    fee = "fee {0}\n  on sum of quantity over sales\n  rate 0.10 per unit\n  period month\n  at least 60 in each month\n\n"
    limit = "limit both\n  of a, b\n  at most {0} in each month\n"
    assert codes(fee.format("a") + fee.format("b") + limit.format("100")) == ["SN1006"]
    assert codes(fee.format("a") + fee.format("b") + limit.format("120")) == []


@pytest.mark.parametrize(
    ("period", "bound", "expected"),
    [
        ("year", "at most 90.01 in each year", ["SN1007"]),
        ("year", "at most 90 in each year", []),
        ("quarter", "at most 361 in each year", ["SN1007"]),
        ("quarter", "at most 360 in each year", []),
        ("year", "at least 90 in each year", ["SN1008"]),
        ("year", "at least 89 in each year", []),
        ("quarter", "at least 360 in each year", ["SN1008"]),
    ],
)
def test_bounds_that_decide_nothing(period: str, bound: str, expected: list[str]) -> None:
    """The ladder pays at most 90 a window."""
    assert codes(LUMPS.format(period=period, bound=bound)) == expected


def test_a_rate_without_end_can_reach_every_cap() -> None:
    assert codes("rebate r\n  on sold\n  period year\n  rate 1%\n  at most 1,000,000 in each year\n") == []
