"""One calendar window around a day, and the day so many units away."""

from __future__ import annotations

from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, date, timedelta

from rules_engine.values.dates import add, add_months
from rules_engine.values.period_types import Period

NEW_YEAR = (1, 1)
MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
UNITS = ("day", "week", "ten_days", "half_month", *MONTHS)
WEEK = timedelta(days=7)


def unit_window(unit: str, day: date, year_start: tuple[int, int] = NEW_YEAR, starting_day: int = 1) -> Period:
    """The uncut calendar window around a day. Units: day, week, ten_days, half_month, month, quarter, half_year, year."""
    match unit:
        case "day":
            return Period(day, day + timedelta(days=1))
        case "week":
            monday = day - timedelta(days=day.weekday())
            return Period(monday, monday + WEEK)
        case "ten_days":
            return _third_of_month(day)
        case "half_month":
            return _half_month(day)
        case "month":
            return _around(day, 1, (1, starting_day))
        case "quarter" | "half_year" | "year":
            return _around(day, MONTHS[unit], year_start)
        case _:
            raise ValueError(f"{unit} is no calendar window")


def _half_month(day: date) -> Period:
    middle = day.replace(day=16)
    if day < middle:
        return Period(day.replace(day=1), middle)
    return Period(middle, _anchored(day.year * 12 + day.month, (1, 1)))


def _third_of_month(day: date) -> Period:
    """The 1st to 10th, 11th to 20th, or 21st to the last (旬)."""
    first = 1 + 10 * min((day.day - 1) // 10, 2)
    start = day.replace(day=first)
    return Period(start, start + timedelta(days=10) if first < 21 else _anchored(day.year * 12 + day.month, (1, 1)))


def _around(day: date, months: int, anchor: tuple[int, int]) -> Period:
    """The window of `months` months around a day, counted from the anchor (month, day) of the year."""
    index = day.year * 12 + day.month - anchor[0]
    index -= index % months
    if day < _anchored(index, anchor):
        index -= months
    return Period(_anchored(index, anchor), _anchored(index + months, anchor))


def _anchored(index: int, anchor: tuple[int, int]) -> date:
    """The anchor's day in month `index` (counted from the anchor's month of the year 0), kept inside the calendar."""
    year, month = divmod(index + anchor[0] - 1, 12)
    if not MINYEAR <= year <= MAXYEAR:
        return date.min if year < MINYEAR else date.max
    return date(year, month + 1, min(anchor[1], monthrange(year, month + 1)[1]))


def moved(day: date, unit: str, count: int) -> date:
    """`count` units later, kept inside the calendar; a day that a month lacks becomes the first of the next month."""
    months = MONTHS.get(unit)
    try:
        return add(day, count, f"{unit}s") if months is None else add_months(day, months * count, "first_of_next")
    except OverflowError:
        return date.min if count < 0 else date.max
