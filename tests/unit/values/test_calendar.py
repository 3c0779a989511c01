from __future__ import annotations

from datetime import date, timedelta
from importlib.resources import files

import pytest
from hypothesis import given, strategies as st

from rules_engine.values.calendar import (
    CALENDAR_VERSION,
    CalendarUncovered,
    add_working_days,
    covered_years,
    first_working_day_on_or_after,
    is_working_day,
    last_working_day_on_or_before,
    working_days_between,
)

covered = st.dates(date(2005, 1, 1), date(2025, 12, 31))
EVERY_DAY = [date(2004, 1, 1) + timedelta(days=count) for count in range((date(2027, 1, 1) - date(2004, 1, 1)).days)]


def test_every_day_agrees_with_two_libraries_but_one() -> None:
    chinese_calendar = pytest.importorskip("chinese_calendar")
    holidays = pytest.importorskip("holidays")
    china = holidays.China(years=range(2004, 2027))
    assert [day for day in EVERY_DAY if is_working_day(day) != chinese_calendar.is_workday(day)] == [date(2005, 12, 31)]
    assert [day for day in EVERY_DAY if is_working_day(day) != china.is_working_day(day)] == []


def test_the_data_file_is_what_the_generator_writes() -> None:
    pytest.importorskip("chinese_calendar")
    from rules_engine.values.generate_calendar import calendar_text

    assert files("rules_engine.values").joinpath("calendar_cn.txt").read_text("utf-8") == calendar_text()
    assert f"version {CALENDAR_VERSION}\n" in calendar_text()


def test_seven_working_days_across_national_day_and_spring_festival() -> None:
    assert add_working_days(date(2024, 9, 27), 7) == date(2024, 10, 12)
    assert add_working_days(date(2025, 1, 20), 7) == date(2025, 2, 5)


def test_the_start_day_is_not_counted() -> None:
    friday, monday = date(2026, 3, 6), date(2026, 3, 9)
    assert add_working_days(friday, 0) == friday
    assert add_working_days(friday, 1) == monday
    assert add_working_days(monday, -1) == friday
    assert add_working_days(date(2026, 3, 7), 1) == monday


def test_rolling_to_a_working_day() -> None:
    national_day = date(2026, 10, 1)
    assert first_working_day_on_or_after(national_day) == date(2026, 10, 8)
    assert last_working_day_on_or_before(national_day) == date(2026, 9, 30)
    assert first_working_day_on_or_after(date(2026, 10, 10)) == date(2026, 10, 10)


def test_a_year_that_is_not_announced_is_never_guessed() -> None:
    assert covered_years() == (2004, 2026)
    with pytest.raises(CalendarUncovered, match="2004 to 2026, not 2027") as raised:
        add_working_days(date(2026, 12, 30), 3)
    assert raised.value.year == 2027
    with pytest.raises(CalendarUncovered):
        is_working_day(date(2003, 12, 31))


@given(covered, st.integers(1, 60))
def test_there_and_back(day: date, count: int) -> None:
    start = first_working_day_on_or_after(day)
    later = add_working_days(start, count)
    assert is_working_day(later)
    assert working_days_between(start, later) == count
    assert working_days_between(later, start) == -count
    assert add_working_days(later, -count) == start


@given(covered, covered, covered)
def test_working_days_add_up(first: date, second: date, third: date) -> None:
    first, second, third = sorted((first, second, third))
    assert working_days_between(first, second) + working_days_between(second, third) == working_days_between(first, third)
