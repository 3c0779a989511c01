"""Working days in mainland China by the State Council's announcements, 调休 included, for the years they cover."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

CALENDAR_VERSION = "cn-2004-2026.1"
"""Printed on every receipt; changes whenever a day in the calendar does."""

ONE_DAY = timedelta(days=1)
DAYS = "calendar_cn.txt"


class CalendarUncovered(ValueError):
    """The working days of this year have not been announced, or lie before the calendar's first year."""

    def __init__(self, year: int) -> None:
        first, last = covered_years()
        super().__init__(f"the calendar covers {first} to {last}, not {year}")
        self.year = year


@lru_cache(maxsize=1)
def _exceptions() -> dict[int, dict[tuple[int, int], bool]]:
    """By year: the days (month, day) that differ from Monday to Friday, and whether they are worked."""
    years: dict[int, dict[tuple[int, int], bool]] = {}
    for line in _announced().splitlines():
        if line[:1].isdigit():
            year, kind, *days = line.split()
            found = years.setdefault(int(year), {})
            found.update({(int(day[:2]), int(day[3:])): kind == "work" for day in days})
    return years


def _announced() -> str:
    """The file beside this one; out of an archive as a resource, which takes fifteen more modules."""
    path = Path(__file__).with_name(DAYS)
    if path.is_file():
        return path.read_text("utf-8")
    from importlib.resources import files

    return files("rules_engine.values").joinpath(DAYS).read_text("utf-8")


def covered_years() -> tuple[int, int]:
    """The first and the last year the calendar knows."""
    years = _exceptions()
    return min(years), max(years)


def is_working_day(day: date) -> bool:
    """Whether the day is worked. A year outside the calendar raises `CalendarUncovered`."""
    exceptions = _exceptions().get(day.year)
    if exceptions is None:
        raise CalendarUncovered(day.year)
    return exceptions.get((day.month, day.day), day.weekday() < 5)


def add_working_days(day: date, count: int) -> date:
    """The `count`-th working day after the day, which itself is not counted; before it if negative; the day itself for 0."""
    step = ONE_DAY if count > 0 else -ONE_DAY
    left = abs(count)
    while left:
        day += step
        left -= is_working_day(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """Working days after `start` up to and with `end`; negative if `end` is earlier (then `end` is not counted)."""
    if end < start:
        return -working_days_between(end, start)
    return sum(is_working_day(start + timedelta(days=count)) for count in range(1, (end - start).days + 1))


def first_working_day_on_or_after(day: date) -> date:
    """The day itself if it is worked, else the next one that is."""
    while not is_working_day(day):
        day += ONE_DAY
    return day


def last_working_day_on_or_before(day: date) -> date:
    """The day itself if it is worked, else the last one before that is."""
    while not is_working_day(day):
        day -= ONE_DAY
    return day
