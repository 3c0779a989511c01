"""`balance` and `against`: what must be written, units, groups, and what cannot need each other."""

from __future__ import annotations

import pytest

from rules_engine.core.program import Balance
from rules_engine.core.units import Unit
from tests.unit.check.checking import codes, program

FEE = "\nfee f\n  on    net_sales\n  rate  10%\n"
ROOM = "balance room\n  adds  100 in each month\n"


def room(adds: str, more: str = "") -> Balance:
    return program(f"charge paid_out paid by platform\n  on  ad_spend\n\nbalance room\n  adds  {adds}\n{more}").balances["room"]


@pytest.mark.parametrize(
    ("adds", "how", "unit"),
    [
        ("sum of amount over prepayments", "document", Unit.MONEY),
        ("70% of ad_spend", "document", Unit.MONEY),
        ("result of paid_out", "result", Unit.MONEY),
        ("50% of (result of paid_out)", "result", Unit.MONEY),
        ("max(0, net_sales - 7,300) in each quarter", "window", Unit.MONEY),
        ("100 units in each month", "ahead", Unit.QUANTITY),
        ("250 in each quarter", "ahead", Unit.MONEY),
    ],
)
def test_when_an_addition_counts(adds: str, how: str, unit: Unit) -> None:
    found = room(adds)
    assert [(item.how, found.unit) for item in found.adds] == [(how, unit)]


@pytest.mark.parametrize("adds", ["max(0, net_sales - 7,300)", "100", "net_sales / 2"])
def test_an_addition_without_a_day_of_its_own_needs_its_window(adds: str) -> None:
    assert "SE0551" in codes(f"balance room\n  adds  {adds}\n")


def test_life_and_ceiling() -> None:
    found = room("100 in each month", "  starts  50\n  lasts   9 months\n  expires every  year\n  at most  400\n")
    assert (found.lasts, found.expires.kind if found.expires else "") == ((9, "months"), "year")
    assert found.starts is not None
    assert found.most is not None


def test_a_balance_nothing_is_added_to() -> None:
    assert codes("balance room\n  lasts 2 months\n") == ["SE0201"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"{ROOM}{FEE}  against  rom\n", "SE0241"),
        (f"{ROOM}{FEE.replace('net_sales', 'max(0, units_sold) against room').replace('10%', '2 per unit')}", "SE0553"),
        (f"{ROOM}{FEE.replace('net_sales', 'units_sold against room').replace('10%', '2 per unit')}", "SE0407"),
        (f"balance room\n  adds  100 units in each month\n{FEE}  against  room\n", "SE0407"),
        (f"balance room\n  adds  ad_spend in each month\n  per   category\n{FEE}  against  room\n", "SE0554"),
        (
            f"{ROOM}{FEE}  against  room\n\nfee g\n  amount   10% of (result of f)\n  period   settlement\n  against  room\n",
            "SE0552",
        ),
        (f"balance room\n  adds  result of f\n{FEE}  against  room\n", "SE0303"),
        (f"{ROOM}\nlimit room2\n  of        room\n  at most  5 in each year\n", "SE0307"),
    ],
)
def test_what_is_refused(text: str, code: str) -> None:
    assert code in codes(text)


def test_a_balance_is_kept_as_the_clause_that_feeds_it_is_split() -> None:
    text = (
        "rebate r\n  on   net_sales\n  per  category\n  rate 1%\n\n"
        "balance room\n  adds  result of r\n\nfee f\n  on       net_sales\n  per      category\n  rate     10%\n  against  room\n"
    )
    assert program(text).balances["room"].per == ("category",)


def test_the_name_of_the_clause_is_what_it_earns_before_balances() -> None:
    made = program(f"{ROOM}{FEE}  against  room at most 40% of f in each year\n")
    draw = made.clauses["f"].draws[0]
    assert (draw.how, [bound.window.kind for bound in draw.bounds if bound.window]) == ("amount", ["year"])


def test_a_negative_that_earns_nothing_cannot_be_carried() -> None:
    text = (
        "rebate r\n  on        net_sales\n  period    month\n  negative  carries forward\n"
        "  tiers     whole\n    below 6,000  {}\n    from  6,000  3%\n"
    )
    assert codes(text.format("none")) == ["SE0555"]
    assert codes(text.format("1%")) == []


def test_kept_credit_is_a_balance_of_the_clause() -> None:
    text = (
        "margin protection g\n  revenue  net_sales\n  cost     cost_of_sales\n  rate     10%\n  per      contract\n"
        "  period   quarter, at its end\n  credit   70% of ad_spend, unused {}\n"
    )
    assert program(text.format("expires")).balances == {}
    found = program(text.format("expires at year end")).balances["g.credit"]
    assert (found.kind, found.expires.kind if found.expires else "") == ("credit", "year")
    assert program(text.format("carries forward")).balances["g.credit"].expires is None


def test_the_rest_of_a_prepayment_is_written() -> None:
    text = "prepayment p\n  on          sum of amount over prepayments\n  per         po_id\n  applied to  purchases{}\n"
    assert codes(text.format("")) == ["SE0556"]
    assert program(text.format(", rest to other orders")).balances["p.prepaid"].shared == "all"
    assert "SE0201" in codes(text.format(", rest stays").replace("  per         po_id\n", ""))
