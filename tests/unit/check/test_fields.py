"""Fields of a block: known ones, once each."""

from __future__ import annotations

import pytest

from tests.unit.check.checking import codes, findings, marked, only


def test_a_field_that_means_nothing_here() -> None:
    text = "measure m\n  on    sold\n  per   category\n  rate  1%\n"
    assert marked(text) == ["per   category"]
    assert "`rate`" in only(text).fix


def test_a_field_that_means_nothing_here_is_named_in_its_language() -> None:
    text = "口径 甲\n  基数  净销售额\n  按    类目\n  点位  1%\n"
    assert "“按”" in only(text, "zh").why


@pytest.mark.parametrize("line", ["on    sold", "period  month", "per   category", "negative  turns round", "paid by platform"])
def test_a_field_written_twice(line: str) -> None:
    text = f"rebate c\n  on    sold\n  rate  1%\n  period  month\n  per   category\n  negative  turns round\n  paid by platform\n  {line}\n"
    assert codes(text) == ["SE0203"]
    assert marked(text)[0] == line.strip()


@pytest.mark.parametrize(
    "line", ["at most 9,000 in each year", "at least 1 in each month", 'source "4.2"', 'note "agreed by letter"']
)
def test_fields_that_may_be_written_twice(line: str) -> None:
    text = f'rebate c\n  on    sold\n  rate  1%\n  at most 900 in each month\n  source "4.1"\n  note "x"\n  {line}\n'
    assert codes(text) == []


def test_every_fault_is_said_in_one_go() -> None:
    text = "rebate c\n  on    net_sale\n  rate  1%\n\nrebate d\n  on    sold\n  rate  1% \n  at most 100\n\nmeasure m\n  sum of payed over sales\n"
    assert [item.code for item in findings(text)] == ["SE0301", "SE0507", "SE0304"]
