"""Periods as people call them: a month, a quarter, a half, a year by name; anything else by both its days."""

from __future__ import annotations

from datetime import date

from rules_engine.statement.numbers import last_day
from rules_engine.statement.words import Words
from rules_engine.values.period import Period

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_NAMED = {1: "period.month", 3: "period.quarter", 6: "period.half", 12: "period.year"}


def period_text(period: Period, words: Words) -> str:
    """`March 2026`, `Q1 2026`, `2026`, or `2026-03-01 to 2026-03-15` with both days included."""
    months = _whole_months(period)
    first = period.start
    if months not in _NAMED or (first.month - 1) % months:
        return days_text(period, words)
    place = (first.month - 1) // months
    key = f"{_NAMED[months]}.{place + 1}" if months == 6 else _NAMED[months]
    return words(key, year=first.year, place=place + 1, month=_MONTHS[first.month - 1])


def days_text(period: Period, words: Words) -> str:
    """Both days of a window, included."""
    if period.start == last_day(period):
        return period.start.isoformat()
    return words("window_days", start=period.start.isoformat(), end=last_day(period).isoformat())


def _whole_months(period: Period) -> int:
    start, end = period.start, period.end
    if start.day != 1 or end.day != 1:
        return 0
    return _months(end) - _months(start)


def _months(day: date) -> int:
    return day.year * 12 + day.month
