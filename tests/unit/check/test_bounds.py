"""`at most` and `at least`: their windows, their order, their share of a cut window."""

from __future__ import annotations

from decimal import Decimal

import pytest

from rules_engine.core.expressions import Constant
from tests.unit.check.checking import codes, only, program, replaced

BASE = "rebate c\n  on      sold\n  rate    2%\n"


@pytest.mark.parametrize(
    ("line", "side", "kind", "proportion"),
    [
        ("at most 200,000 in each year", "most", "year", ""),
        ("at least 730 in each quarter", "least", "quarter", ""),
        ("at most 200,000 in each year, proportionally by thirtieths", "most", "year", "thirtieths"),
        ("at most 200,000 in each year, in full", "most", "year", ""),
        ("at most 5% of purchases in each month", "most", "month", ""),
    ],
)
def test_bounds(line: str, side: str, kind: str, proportion: str) -> None:
    bound = program(f"{BASE}  {line}\n").clauses["c"].bounds[0]
    assert bound.window is not None
    assert (bound.side, bound.window.kind, bound.proportion) == (side, kind, proportion)


def test_several_bounds_of_different_windows() -> None:
    text = f"{BASE}  at most 900 in each month\n  at most 5,000 in each year\n  at least 10 in each month\n"
    amounts = [bound.amount for bound in program(text).clauses["c"].bounds]
    assert sorted(item.value for item in amounts if isinstance(item, Constant)) == [Decimal(10), Decimal(900), Decimal(5000)]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("at most 200,000", "60,000.00 earned in each quarter,\ncounted by quarter 0.00 is cut, counted by year 40,000.00"),
        ("at least 1,000", "300.00 earned in each quarter,\ncounted by quarter 2,800.00 is added, counted by year 0.00"),
    ],
)
def test_a_bound_without_a_window(line: str, why: str) -> None:
    text = f"{BASE}  {line}\n"
    found = only(text)
    assert (found.code, why in found.why) == ("SE0507", True)
    assert codes(replaced(text, line, found)) == []


def test_a_bound_narrower_than_the_window() -> None:
    text = f"{BASE}  period  year, on account monthly\n  at most 5,000 in each month\n"
    found = only(text)
    assert (found.code, found.fix) == ("SE0214", "in each year")


def test_a_floor_above_the_cap() -> None:
    found = only(f"{BASE}  at least 5,000 in each month\n  at most 3,000 in each month\n")
    assert (found.code, found.why) == ("SE0213", "no amount is at least 5,000 and at most 3,000.")


def test_a_floor_below_the_cap_of_another_window() -> None:
    assert codes(f"{BASE}  at least 5,000 in each year\n  at most 3,000 in each month\n") == []


def test_a_bound_is_money() -> None:
    found = only(f"{BASE}  at most 5% in each month\n")
    assert (found.code, found.fix) == ("SE0407", "say of what: `5% of` and a measure's name.")


@pytest.mark.parametrize("answer", ["proportionally by days", "proportionally by thirtieths", "in full"])
def test_a_bound_of_a_cut_window(answer: str) -> None:
    text = f"{BASE}  from    2026-02-15\n  at most 900 in each quarter\n"
    found = only(text)
    assert (found.code, "900.00 holds in full, or as\n450.00 by days. 450.00 lies between" in found.why) == ("SE0516", True)
    assert codes(text.replace("quarter", f"quarter, {answer}")) == []
    assert codes(replaced(text, "at most 900 in each quarter", found)) == []


def test_a_bound_that_is_measured_scales_by_itself() -> None:
    assert codes(f"{BASE}  from    2026-02-15\n  at most 5% of purchases in each quarter\n") == []


def test_limits() -> None:
    text = f"{BASE}\nlimit l\n  of       c\n  at most  5,000 in each year\n"
    assert program(text).limits["l"].members == ("c",)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("  of       d\n  at most  5,000 in each year\n", "SE0307"),
        ("  of       c\n", "SE0201"),
        ("  of       c, g\n  at most  5,000 in each year\n", "SE0202"),
    ],
)
def test_limits_that_are_none(body: str, code: str) -> None:
    assert codes(f"{BASE}\ngoods g\n  on  sold\n\nlimit l\n{body}") == [code]


@pytest.mark.parametrize(("window", "code"), [("week, in full", []), ("month", ["SE0214"]), ("term", [])])
def test_a_bound_never_cuts_the_weeks_of_its_clause(window: str, code: list[str]) -> None:
    weekly = "rebate c\n  on      sold\n  rate    1%\n  period  week\n"
    assert codes(f"{weekly}  at most 100 in each {window}\n") == code


def test_a_limit_whose_members_were_all_refused_says_nothing_more() -> None:
    assert codes("rebate c\n  on    sold\n  rate  nothing\n\nlimit l\n  of       c\n  at most  5,000 in each year\n") == ["SE0301"]
