"""Arithmetic on days, months and years. Every length is exact; `start` is not counted and `end` is, as in end - start."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from math import ceil, floor

from rules_engine.values.calendar import add_working_days, working_days_between

OVERFLOWS = ("", "last_day", "first_of_next")
MODES = ("exact", "started", "full")
BASES = ("actual/365", "actual/360", "30/360")


class NoSuchDayError(ValueError):
    """A month has no such day, and the contract does not say which one stands for it."""

    def __init__(self, year: int, month: int, day: int) -> None:
        super().__init__(f"{year:04d}-{month:02d} has no day {day}")
        self.year, self.month, self.day = year, month, day


def add_months(day: date, months: int, overflow: str = "") -> date:
    """The same day of another month. Where that month is too short: its `last_day`, the `first_of_next` month, or
    `NoSuchDayError` if `overflow` is ''. Leaving the years 1 to 9999 raises `OverflowError`."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    if not 1 <= year <= 9999:
        raise OverflowError(f"the year {year} is out of range")
    length = monthrange(year, month)[1]
    if day.day <= length:
        return date(year, month, day.day)
    match overflow:
        case "last_day":
            return date(year, month, length)
        case "first_of_next":
            return date(year, month, length) + timedelta(days=1)
        case "":
            raise NoSuchDayError(year, month, day.day)
        case _:
            raise ValueError(f"unknown overflow {overflow}")


def add(day: date, count: int, unit: str, overflow: str = "") -> date:
    """`count` units later (earlier if negative). Units: minutes, hours, days, working_days, weeks, months, years."""
    match unit:
        case "minutes":
            return moment(day) + timedelta(minutes=count)
        case "hours":
            return moment(day) + timedelta(hours=count)
        case "days":
            return day + timedelta(days=count)
        case "working_days":
            return add_working_days(calendar_day(day), count)
        case "weeks":
            return day + timedelta(weeks=count)
        case "months":
            return add_months(calendar_day(day), count, overflow)
        case "years":
            return add_months(calendar_day(day), 12 * count, overflow)
        case _:
            raise ValueError(f"unknown unit {unit}")


def moment(day: date) -> datetime:
    """A day's midnight; a moment itself."""
    return day if isinstance(day, datetime) else datetime.combine(day, time())


def calendar_day(day: date) -> date:
    """The day of a moment; a day itself."""
    return day.date() if isinstance(day, datetime) else day


def between(start: date, end: date, unit: str, mode: str = "exact", count: int = 1, basis: str = "") -> Fraction:
    """The length from `start` to `end` in units; negative if `end` is earlier.

    `started` counts every begun block of `count` units, `full` only whole ones, `exact` the length itself divided by
    `count`. Units: minutes, hours (a day is its midnight), days, working_days, weeks, months, years; years take a `basis` (actual/365, actual/360, 30/360). Without
    one, a begun month or year counts by its days.
    """
    if unit in ("minutes", "hours"):
        start, end = moment(start), moment(end)
    else:
        start, end = calendar_day(start), calendar_day(end)
    if end < start:
        return -between(end, start, unit, mode, count, basis)
    length = _length(start, end, unit, basis) / count
    match mode:
        case "exact":
            return length
        case "started":
            return Fraction(ceil(length))
        case "full":
            return Fraction(floor(length))
        case _:
            raise ValueError(f"unknown mode {mode}")


def _length(start: date, end: date, unit: str, basis: str) -> Fraction:
    match unit:
        case "minutes":
            return Fraction((end - start) // timedelta(microseconds=1), 60_000_000)
        case "hours":
            return Fraction((end - start) // timedelta(microseconds=1), 3_600_000_000)
        case "days":
            return Fraction((end - start).days)
        case "working_days":
            return Fraction(working_days_between(start, end))
        case "weeks":
            return Fraction((end - start).days, 7)
        case "months":
            return _steps(start, end, 1)
        case "years":
            return year_fraction(start, end, basis) if basis else _steps(start, end, 12)
        case _:
            raise ValueError(f"unknown unit {unit}")


def _steps(start: date, end: date, months: int) -> Fraction:
    """Whole steps of `months` months, and the rest by the days of the step it lies in."""
    done = ((end.year - start.year) * 12 + end.month - start.month) // months
    if _step(start, done * months) > end:
        done -= 1
    last, following = _step(start, done * months), _step(start, (done + 1) * months)
    return done + Fraction((end - last).days, (following - last).days)


def _step(start: date, months: int) -> date:
    return add_months(start, months, "last_day")


def months_started(start: date, end: date) -> int:
    """Months begun from `start` until before `end`."""
    return ceil(_steps(start, end, 1))


def months_full(start: date, end: date) -> int:
    """Whole months from `start` until before `end`."""
    return floor(_steps(start, end, 1))


def year_fraction(start: date, end: date, basis: str) -> Fraction:
    """Years from `start` to `end` by `actual/365`, `actual/360` or `30/360` (bond basis: a start on the 31st counts as the
    30th, and so does an end on the 31st if the start is then the 30th)."""
    match basis:
        case "actual/365":
            return Fraction((end - start).days, 365)
        case "actual/360":
            return Fraction((end - start).days, 360)
        case "30/360":
            return Fraction(_days_of_thirty(start, end), 360)
        case _:
            raise ValueError(f"unknown basis {basis}")


def _days_of_thirty(start: date, end: date) -> int:
    first = min(start.day, 30)
    last = min(end.day, 30) if first == 30 else end.day
    return 360 * (end.year - start.year) + 30 * (end.month - start.month) + last - first


def thirtieth(day: date) -> int:
    """The day's place in a calendar of thirty-day months; the 31st has the place of the next month's first day."""
    return 360 * day.year + 30 * day.month + min(day.day - 1, 30)
