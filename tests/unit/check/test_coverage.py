"""Rows: overlaps, days without a row and rows out of reach, each with a document that would fall into it."""

from __future__ import annotations

import pytest

from tests.unit.check.checking import codes, marked, only


def rows(*written: str, pick: str = "", per: str = "category") -> str:
    split = f"  per   {per}\n" if per else ""
    return f"deduction d\n  on    sold\n{split}  rate  {pick}\n" + "".join(f"    {row}\n" for row in written)


@pytest.mark.parametrize(
    "written",
    [
        ("12%  for rice", "15%  for oil", "11%  otherwise"),
        ("12%  for rice until 2026-06-30", "10%  for rice from 2026-07-01", "11%  otherwise"),
        ("12%  for category = rice and quantity < 30", "10%  for category = rice and quantity >= 30"),
        ("12%  for category in (rice, oil)", "10%  for category in (tea, salt)"),
        ("12%  for rice", "12%  for rice"),
    ],
)
def test_rows_that_leave_no_doubt(written: tuple[str, ...]) -> None:
    assert codes(rows(*written)) == []


@pytest.mark.parametrize(
    ("written", "example"),
    [
        (("12%  for rice", "10%  for rice"), "a document of 2026-01-01 with category = rice"),
        (
            ("12%  for rice until 2026-06-30", "10%  for rice from 2026-06-01", "9%  otherwise"),
            "2026-06-01 with category = rice",
        ),
        (("12%  for category in (rice, oil)", "10%  for oil"), "category = rice / category = oil and category = oil"),
        (("12%  for quantity < 30", "10%  for quantity < 40"), "quantity < 30 and quantity < 40"),
        (("12%  otherwise", "10%  otherwise"), "a document of 2026-01-01 falls into both rows"),
        (("12%  until 2026-06-30", "10%  from 2026-06-30"), "a document of 2026-06-30 falls into both rows"),
    ],
)
def test_rows_that_overlap(written: tuple[str, ...], example: str) -> None:
    text = rows(*written)
    assert codes(text) == ["SE0204"]
    assert example in only(text).why
    assert marked(text) == list(written[:2])


def test_the_document_is_described_in_the_language_of_the_file() -> None:
    text = "扣点 甲\n  基数  净销售额\n  按    类目\n  点位\n    12%  限 大米\n    10%  限 大米\n"
    assert "类目 = 大米" in only(text, "zh").why


@pytest.mark.parametrize("pick", ["first that matches", "all that match", "best for supplier", "best for platform"])
def test_a_written_choice_allows_rows_that_overlap(pick: str) -> None:
    assert codes(rows("12%  for rice", "10%  for rice", pick=pick)) == []


def test_conditions_are_left_to_the_run() -> None:
    assert codes(rows("12%  when units_sold > 3", "10%  when units_sold > 5", per="")) == []


def test_days_without_a_row() -> None:
    text = rows("12%  until 2026-06-30", "10%  from 2026-08-01", per="")
    assert codes(text) == ["SE0205"]
    assert only(text).why == "no row covers 2026-07-01 to 2026-07-31: a document of 2026-07-01 has no price."


def test_days_without_a_row_of_one_group() -> None:
    found = only(rows("12%  for rice until 2026-06-30", "15%  for oil"))
    assert (found.code, "with category = rice" in found.why) == ("SE0205", True)


@pytest.mark.parametrize("written", ["10%  from 2025-06-01 until 2025-06-30", "10%  from 2027-01-01", "10%  until 2025-12-31"])
def test_rows_outside_the_term(written: str) -> None:
    assert codes(rows(written, "12%  otherwise", per="")) == ["SE0212"]


def test_a_row_behind_one_that_takes_everything() -> None:
    text = rows("12%  ", "10%  for category = rice", pick="first that matches", per="")
    assert codes(text) == ["SE0212"]
    assert marked(text) == ["10%  for category = rice"]


def test_dates_the_wrong_way_round() -> None:
    found = only(rows("12%  from 2026-07-01 until 2026-06-30", "10%  otherwise", per=""))
    assert (found.code, found.fix) == ("SE0209", "from 2026-06-30 until 2026-07-01")


def lumps(*written: str, pick: str = "") -> str:
    split = "  per     category\n" if any(" for " in row for row in written) else ""
    return f"fee f\n{split}  period  month\n  amount  {pick}\n" + "".join(f"    {row}\n" for row in written)


@pytest.mark.parametrize(
    "written",
    [
        ("1,000  for rice", "2,000  for oil"),
        ("1,000  for rice until 2026-06-30", "2,000  for rice from 2026-07-01", "500  otherwise"),
        ("1,000  when units_sold <= 100", "2,000  when units_sold > 100"),
        ("1,000  for rice", "1,000  for rice"),
    ],
)
def test_amounts_that_leave_no_doubt(written: tuple[str, ...]) -> None:
    assert codes(lumps(*written)) == []


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (("1,000  for rice", "2,000  for rice"), "SE0204"),
        (("1,000  when units_sold > 10", "2,000  when units_sold > 100"), "SE0204"),
        (("1,000  when units_sold > 10", "2,000  when net_sales > 100"), "SE0204"),
        (("1,000  otherwise", "2,000  otherwise"), "SE0204"),
        (("1,000  for rice until 2026-05-31", "2,000  for rice from 2026-07-01"), "SE0205"),
        (("1,000  from 2025-01-01 until 2025-12-31", "2,000  otherwise"), "SE0212"),
        (("1,000  from 2026-06-01 until 2026-05-31", "2,000  otherwise"), "SE0209"),
    ],
)
def test_amounts_that_do(written: tuple[str, ...], code: str) -> None:
    assert codes(lumps(*written)) == [code]


def test_the_first_that_matches_is_a_choice_between_amounts_too() -> None:
    assert codes(lumps("1,000  when units_sold > 100", "2,000  when units_sold > 10", pick="first that matches")) == []
    assert codes(lumps("1,000  for rice", "2,000  for rice", pick="best for supplier")) == ["SE0216"]


def test_rows_cover_the_days_of_their_own_clause() -> None:
    text = (
        "deduction d\n  on    sold\n  from  2026-07-01\n  rate\n    12%  from 2026-07-01 until 2026-08-31\n    10%  from {}\n"
    )
    assert codes(text.format("2026-09-01")) == []
    assert codes(text.format("2026-10-01")) == ["SE0205"]


def test_a_clause_that_ends_before_it_begins() -> None:
    found = only("deduction d\n  on    sold\n  rate  1%\n  from  2026-07-01\n  until 2026-06-30\n")
    assert (found.code, len(found.places)) == ("SE0209", 2)


@pytest.mark.parametrize(
    ("rows_of_value", "found"),
    [
        (("1,000  until 2026-05-31", "2,000  from 2026-06-01"), []),
        (("900  until 2025-12-31", "1,000  from 2026-01-01"), []),
        (("1,000  until 2026-05-31", "2,000  from 2026-07-01"), ["SE0205"]),
        (("1,000  until 2026-05-31", "2,000  from 2026-05-01"), ["SE0204"]),
        (("up to 10  1.80", "over 10  1.60"), []),
        (("up to 10  1.80", "over 20  1.60"), ["SE0206"]),
        (("up to 10  1.80", "from 10  1.60"), ["SE0211"]),
    ],
)
def test_values(rows_of_value: tuple[str, ...], found: list[str]) -> None:
    assert codes("value v\n" + "".join(f"  {row}\n" for row in rows_of_value)) == found


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (("1,000 for rice", "1,200 for oil", "500 otherwise"), []),
        (("1,000 for rice, oil", "1,200 for oil"), ["SE0204"]),
        (("1,000 for rice until 2026-06-30", "1,200 for rice from 2026-07-01", "900 for oil"), []),
    ],
)
def test_the_classes_of_a_value_tell_its_rows_apart(written: tuple[str, ...], expected: list[str]) -> None:
    value = "value target per category\n" + "".join(f"  {row}\n" for row in written)
    assert codes(value + "\nrebate r\n  on    sold\n  per   category\n  rate  1%\n  when  sold >= target\n") == expected


@pytest.mark.parametrize(
    ("first", "second", "example"),
    [
        ("done and checked", "done and not checked", ""),
        ("done", "checked", "done and checked"),
        ("done", "not checked", "done and not checked"),
    ],
)
def test_a_condition_and_its_denial_never_hold_together(first: str, second: str, example: str) -> None:
    findings = "finding done yes/no\n\nfinding checked yes/no\n\n"
    text = f"{findings}fee f\n  amount\n    100  when {first}\n    50  when {second}\n    0  otherwise\n  period  month\n"
    assert codes(text) == (["SE0204"] if example else [])
    assert not example or f"with {example} falls into both rows" in only(text).why
