"""`result of`: whole windows of the clause that is read lie inside the reader's."""

from __future__ import annotations

import pytest

from tests.unit.check.checking import codes, only


def reading(read: str, reader: str) -> str:
    return f"rebate d\n  on      sold\n  rate    1%\n  period  {read}\n\nfee c\n  amount  result of d\n  period  {reader}\n"


@pytest.mark.parametrize(
    ("read", "reader"), [("month", "month"), ("month", "quarter"), ("quarter", "year"), ("month", "term"), ("year", "term")]
)
def test_windows_that_nest(read: str, reader: str) -> None:
    assert codes(reading(read, reader)) == []


@pytest.mark.parametrize(
    ("read", "reader"), [("year", "month"), ("quarter", "month"), ("term", "quarter"), ("half year", "quarter")]
)
def test_windows_that_do_not(read: str, reader: str) -> None:
    found = only(reading(read, reader))
    assert (found.code, found.fix) == ("SE0214", f"period {read}")
    assert len(found.places) == 2


def test_windows_are_compared_through_measures() -> None:
    text = "rebate d\n  on      sold\n  rate    1%\n  period  year\n\nmeasure m\n  result of d\n\nfee c\n  amount  m\n  period  month\n"
    assert codes(text) == ["SE0214"]


@pytest.mark.parametrize(("window", "reader", "code"), [("year", "month", ["SE0214"]), ("month", "month", []), ("year", "year", [])])
def test_what_a_limit_takes_off_belongs_to_no_narrower_window(window: str, reader: str, code: list[str]) -> None:
    text = (
        "rebate d\n  on      sold\n  rate    1%\n  period  month\n\nrebate e\n  on      sold\n  rate    1%\n  period  month\n\n"
        f"limit l\n  of d, e\n  at most 100 in each {window}\n\nfee c\n  amount  result of d after limits\n  period  {reader}\n"
    )
    assert codes(text) == code
