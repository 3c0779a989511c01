from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from rules_engine.values.dates import (
    NoSuchDayError,
    add,
    add_months,
    between,
    months_full,
    months_started,
    thirtieth,
    year_fraction,
)

days = st.dates(date(1990, 1, 1), date(2080, 12, 31))


def test_a_day_the_month_lacks_must_be_decided() -> None:
    end_of_january = date(2026, 1, 31)
    assert add_months(end_of_january, 1, "last_day") == date(2026, 2, 28)
    assert add_months(end_of_january, 1, "first_of_next") == date(2026, 3, 1)
    with pytest.raises(NoSuchDayError, match="2026-02 has no day 31"):
        add_months(end_of_january, 1)
    assert add_months(date(2026, 1, 28), 1) == date(2026, 2, 28)
    assert add_months(date(2024, 2, 29), -12, "last_day") == date(2023, 2, 28)


def test_leaving_the_calendar_is_an_overflow() -> None:
    with pytest.raises(OverflowError):
        add_months(date(9999, 6, 1), 12)
    with pytest.raises(OverflowError):
        add_months(date(1, 6, 1), -12)


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("days", date(2026, 1, 17)),
        ("weeks", date(2026, 1, 29)),
        ("months", date(2026, 3, 15)),
        ("years", date(2028, 1, 15)),
        ("working_days", date(2026, 1, 19)),
    ],
)
def test_add(unit: str, expected: date) -> None:
    assert add(date(2026, 1, 15), 2, unit) == expected


@pytest.mark.parametrize(
    ("unit", "mode", "count", "expected"),
    [
        ("days", "exact", 1, Fraction(45)),
        ("days", "exact", 7, Fraction(45, 7)),
        ("days", "started", 30, Fraction(2)),
        ("days", "full", 30, Fraction(1)),
        ("weeks", "exact", 1, Fraction(45, 7)),
        ("weeks", "started", 1, Fraction(7)),
        ("weeks", "full", 1, Fraction(6)),
        ("months", "exact", 1, 1 + Fraction(14, 28)),
        ("months", "started", 1, Fraction(2)),
        ("months", "full", 1, Fraction(1)),
        ("months", "started", 3, Fraction(1)),
        ("years", "full", 1, Fraction(0)),
        ("years", "started", 1, Fraction(1)),
        ("working_days", "exact", 1, Fraction(27)),
    ],
)
def test_between(unit: str, mode: str, count: int, expected: Fraction) -> None:
    start, end = date(2026, 1, 15), date(2026, 3, 1)
    assert between(start, end, unit, mode, count) == expected
    assert between(end, start, unit, mode, count) == -expected


def test_nothing_is_begun_between_a_day_and_itself() -> None:
    for unit in ("days", "weeks", "months", "years", "working_days"):
        for mode in ("exact", "started", "full"):
            assert between(date(2026, 2, 28), date(2026, 2, 28), unit, mode) == 0


@pytest.mark.parametrize(
    ("start", "end", "basis", "expected"),
    [
        ("2026-01-01", "2026-07-01", "actual/365", Fraction(181, 365)),
        ("2026-01-01", "2026-07-01", "actual/360", Fraction(181, 360)),
        ("2026-01-01", "2026-07-01", "30/360", Fraction(1, 2)),
        ("2026-01-31", "2026-03-31", "30/360", Fraction(60, 360)),
        ("2026-01-15", "2026-03-31", "30/360", Fraction(76, 360)),
        ("2024-02-29", "2025-02-28", "30/360", Fraction(359, 360)),
    ],
)
def test_year_fractions(start: str, end: str, basis: str, expected: Fraction) -> None:
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    assert year_fraction(first, last, basis) == expected
    assert between(first, last, "years", basis=basis) == expected


@given(days, days)
def test_full_and_started_months_enclose_the_length(left: date, right: date) -> None:
    start, end = min(left, right), max(left, right)
    full, started = months_full(start, end), months_started(start, end)
    assert full <= between(start, end, "months") <= started <= full + 1
    assert add_months(start, full, "last_day") <= end <= add_months(start, started, "last_day")


@given(days, st.integers(0, 400))
def test_whole_months_are_whole(start: date, months: int) -> None:
    assert between(start, add_months(start, months, "last_day"), "months") == months


@given(days)
def test_thirtieths_never_fall_and_make_thirty_a_month(day: date) -> None:
    assert 0 <= thirtieth(day + timedelta(days=1)) - thirtieth(day) <= 3
    assert thirtieth(add_months(day.replace(day=1), 1)) - thirtieth(day.replace(day=1)) == 30


@pytest.mark.parametrize(
    "call",
    [
        lambda: add(date(2026, 1, 1), 1, "fortnights"),
        lambda: between(date(2026, 1, 1), date(2026, 2, 1), "fortnights"),
        lambda: between(date(2026, 1, 1), date(2026, 2, 1), "days", "roughly"),
        lambda: year_fraction(date(2026, 1, 1), date(2026, 2, 1), "31/365"),
        lambda: add_months(date(2026, 1, 31), 1, "guess"),
    ],
)
def test_unknown_words_are_our_bugs(call: object) -> None:
    with pytest.raises(ValueError, match="unknown"):
        call()  # type: ignore[operator]


@pytest.mark.parametrize(
    ("end", "mode", "count", "length"),
    [
        (datetime.fromisoformat("2026-01-05 10:00"), "started", 30, 4),
        (datetime.fromisoformat("2026-01-05 10:00:01"), "started", 30, 5),
        (datetime.fromisoformat("2026-01-05 09:59"), "full", 30, 3),
        (datetime.fromisoformat("2026-01-05 08:00:30"), "exact", 1, Fraction(1, 2)),
    ],
)
def test_minutes_are_counted_in_blocks(end: datetime, mode: str, count: int, length: Fraction) -> None:
    start = datetime.fromisoformat("2026-01-05 08:00")
    assert between(start, end, "minutes", mode, count) == length
    assert between(end, start, "minutes", mode, count) == -length


def test_minutes_move_a_moment_over_midnight() -> None:
    assert add(datetime.fromisoformat("2026-01-05 23:45"), 30, "minutes") == datetime.fromisoformat("2026-01-06 00:15")
    assert add(date(2026, 1, 5), -1, "minutes") == datetime.fromisoformat("2026-01-04 23:59")
