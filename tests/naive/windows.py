"""Windows as sets of days: every day is labelled, days of one label are one window."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

ONE_DAY = timedelta(days=1)
Span = tuple[date, date]


def label(day: date, kind: str, starting_day: int, year_start: int) -> tuple[int, ...]:
    """What window of this kind the day belongs to; `year_start` is the first month of the year."""
    months = day.year * 12 + day.month - 1 - (0 if day.day >= starting_day else 1)
    fiscal = months - (year_start - 1)
    match kind:
        case "day":
            return (day.toordinal(),)
        case "week":
            return (day.toordinal() - day.weekday(),)
        case "ten_days":
            return (day.year, day.month, min(2, (day.day - 1) // 10))
        case "half_month":
            return (day.year, day.month, 0 if day.day <= 15 else 1)
        case "month":
            return (months,)
        case "quarter":
            return (fiscal // 3,)
        case "half_year":
            return (fiscal // 6,)
        case "year":
            return (fiscal // 12,)
        case "term":
            return (0,)
        case _:
            raise ValueError(kind)


@lru_cache(maxsize=4096)
def windows(kind: str, start: date, end: date, starting_day: int = 1, year_start: int = 1) -> tuple[Span, ...]:
    """The windows between `start` and before `end`, cut at both."""
    found: list[Span] = []
    day, before = start, None
    while day < end:
        here = label(day, kind, starting_day if kind == "month" else 1, year_start)
        if here == before:
            found[-1] = (found[-1][0], day + ONE_DAY)
        else:
            found.append((day, day + ONE_DAY))
        day, before = day + ONE_DAY, here
    return tuple(found)


@lru_cache(maxsize=4096)
def uncut(kind: str, day: date, starting_day: int = 1, year_start: int = 1) -> Span:
    """The whole calendar window around a day."""
    here = label(day, kind, starting_day, year_start)
    first = last = day
    while label(first - ONE_DAY, kind, starting_day, year_start) == here:
        first -= ONE_DAY
    while label(last + ONE_DAY, kind, starting_day, year_start) == here:
        last += ONE_DAY
    return (first, last + ONE_DAY)


def months_before(end: date, count: int) -> date:
    """The first of so many months that end before a day, the month of the last of its days among them."""
    last = end - ONE_DAY
    months = last.year * 12 + last.month - count
    return date(months // 12, months % 12 + 1, 1)
