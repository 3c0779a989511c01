"""Reading and writing periods: `2026-03`, `2026-Q1`, `2026-H1`, `2026`, `2026-03-H1`, `2026-03-01..2026-03-31`, a range's name."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

from rules_engine.values.period_types import Period, WindowSpec
from rules_engine.values.unit_windows import NEW_YEAR, unit_window
from rules_engine.values.windows import NO_RANGES, Ranges

__all__ = ["FORMS", "Period", "PeriodError", "WindowSpec", "parse_period", "period_text"]

FIRST_YEAR, LAST_YEAR = 1900, 2999
FORMS = "2026-03, 2026-Q1, 2026-H1, 2026, 2026-03-H1, 2026-03-01..2026-03-31"


class PeriodError(ValueError):
    """A text that names no period. `reason`: form (not one of `FORMS`), day (no such day), order (ends before it starts),
    year (outside 1900 to 2999)."""

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(f"{text!r} names no period: {reason}")
        self.text, self.reason = text, reason


def parse_period(
    text: str, year_start: tuple[int, int] = NEW_YEAR, ranges: Ranges = NO_RANGES, starting_day: int = 1
) -> Period:
    """The period a text names. In `FROM..TO` both days are included.

    Quarters, half years and years count from `year_start` and carry the year they start in; months start on `starting_day`.
    A name of `ranges` goes before the other forms. Raises `PeriodError`.
    """
    if text in ranges:
        return Period(*ranges[text])
    for form, read in _FORMS:
        if (found := form.fullmatch(text)) is not None:
            return _read(found, read, year_start, starting_day)
    raise PeriodError(text, "form")


def _read(found: re.Match[str], read: Reader, year_start: tuple[int, int], starting_day: int) -> Period:
    text = found.string
    if any(not FIRST_YEAR <= int(year) <= LAST_YEAR for year in re.findall(r"[0-9]{4}", text)):
        raise PeriodError(text, "year")
    try:
        period = read(found, year_start, starting_day)
    except ValueError as error:
        raise PeriodError(text, "day") from error
    if period.start >= period.end:
        raise PeriodError(text, "order")
    return period


Reader = Callable[[re.Match[str], tuple[int, int], int], Period]


def _days(found: re.Match[str], _year_start: tuple[int, int], _starting_day: int) -> Period:
    start, last = found.groups()
    return Period(date.fromisoformat(start), date.fromisoformat(last) + timedelta(days=1))


def _half_month(found: re.Match[str], _year_start: tuple[int, int], _starting_day: int) -> Period:
    year, month, half = map(int, found.groups())
    return unit_window("half_month", date(year, month, 1 if half == 1 else 16))


def _month(found: re.Match[str], _year_start: tuple[int, int], starting_day: int) -> Period:
    year, month = map(int, found.groups())
    return unit_window("month", _anchor_day(year, month, starting_day), starting_day=starting_day)


def _part_of_year(found: re.Match[str], year_start: tuple[int, int], _starting_day: int) -> Period:
    year, unit, number = int(found[1]), "quarter" if found[2] == "Q" else "half_year", int(found[3])
    window = unit_window(unit, _anchor_day(year, *year_start), year_start)
    for _ in range(number - 1):
        window = unit_window(unit, window.end, year_start)
    return window


def _year(found: re.Match[str], year_start: tuple[int, int], _starting_day: int) -> Period:
    return unit_window("year", _anchor_day(int(found[1]), *year_start), year_start)


def _anchor_day(year: int, month: int, day: int) -> date:
    """The day of that month, or its last one if the month is shorter."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + timedelta(days=day - 1), following - timedelta(days=1))


_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_FORMS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])"), _month),
    (re.compile(r"([0-9]{4})-(Q)([1-4])"), _part_of_year),
    (re.compile(r"([0-9]{4})-(H)([12])"), _part_of_year),
    (re.compile(r"([0-9]{4})"), _year),
    (re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])-H([12])"), _half_month),
    (re.compile(rf"({_DAY})\.\.({_DAY})"), _days),
)


def period_text(period: Period) -> str:
    """The shortest text that `parse_period` reads back in a calendar year: `2026-03`, else both days, both included."""
    return _text(period.start, period.end)


@lru_cache(maxsize=4096)
def _text(start: date, after: date) -> str:
    if start.day == after.day == 1:
        for length, text in _SHORT.items():
            months = (after.year - start.year) * 12 + after.month - start.month
            if months == length and (start.month - 1) % length == 0:
                return text(start)
    if Period(start, after) == unit_window("half_month", start):
        return f"{start:%Y-%m}-H{1 if start.day == 1 else 2}"
    return f"{start.isoformat()}..{Period(start, after).last.isoformat()}"


_SHORT: dict[int, Callable[[date], str]] = {
    1: lambda start: f"{start:%Y-%m}",
    3: lambda start: f"{start.year:04d}-Q{start.month // 3 + 1}",
    6: lambda start: f"{start.year:04d}-H{start.month // 6 + 1}",
    12: lambda start: f"{start.year:04d}",
}
