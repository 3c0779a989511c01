"""The graph of references is the order of computation."""

from __future__ import annotations

import pytest

from tests.unit.check.checking import codes, only, program


def test_the_order_in_the_file_does_not_matter() -> None:
    text = (
        "charge late paid by supplier\n  amount  10% of result of early\n  period  month\n\n"
        "rebate early\n  on  sold\n  rate  1%\n  period  month\n"
    )
    sequence = program(text).order
    assert sequence.index("early") < sequence.index("late")


def test_a_limit_comes_after_its_members() -> None:
    text = "limit l\n  of  c\n  at most  5,000 in each year\n\nrebate c\n  on  sold\n  rate  1%\n"
    sequence = program(text).order
    assert sequence.index("c") < sequence.index("l")


def test_clauses_that_read_each_other() -> None:
    text = (
        "charge one paid by supplier\n  amount  10% of result of two\n  period  month\n\n"
        "charge two paid by supplier\n  amount  10% of result of one\n  period  month\n"
    )
    found = only(text)
    assert (found.code, "one → two → one" in found.why) == ("SE0303", True)


def test_measures_that_read_each_other_are_one_finding() -> None:
    text = "measure one\n  two * 2\n\nmeasure two\n  three * 2\n\nmeasure three\n  one * 2\n"
    found = only(text)
    assert found.code == "SE0303"
    assert len(found.places) == 4


def test_a_measure_that_reads_itself() -> None:
    assert codes("measure one\n  one * 2\n") == ["SE0303"]


def test_a_clause_nobody_wrote() -> None:
    found = only(
        "charge one paid by supplier\n  amount  10% of result of too\n  period  month\n\nrebate two\n  on  sold\n  rate  1%\n"
    )
    assert (found.code, found.fix) == ("SE0307", "did you mean `two`?")


@pytest.mark.parametrize(
    ("window", "found"),
    [
        ("in the previous month", []),
        ("in the 3 months before", []),
        ("in the year so far", ["SE0303"]),
        ("", ["SE0303"]),
    ],
)
def test_a_clause_may_read_itself_in_windows_that_are_over(window: str, found: list[str]) -> None:
    text = f"charge rent paid by supplier\n  amount  max(10% of sold, 80% of (result of rent {window}))\n  period  month\n"
    assert codes(text) == found


def test_a_clause_that_takes_from_a_balance_cannot_read_itself() -> None:
    text = (
        "balance kept\n  adds  1% of sold in each month\n\n"
        "charge rent paid by supplier\n  amount  max(10% of sold, 80% of (result of rent in the previous month))\n"
        "  period  month\n  against  kept\n"
    )
    assert codes(text) == ["SE0303"]
