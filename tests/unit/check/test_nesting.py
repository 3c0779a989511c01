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
