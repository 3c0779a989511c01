"""Windows of the calendar: how they tile a term, what a cut one was cut from, and where another window lies.

`year_start` (month, day) moves quarters, half years and years; months move by the spec's `starting_day`. `ranges` gives
named ranges as (first day, first day after). A starting day that a month lacks stands for that month's last day.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction

from rules_engine.values.dates import months_full, months_started, thirtieth
from rules_engine.values.period_types import Period, WindowSpec
from rules_engine.values.unit_windows import NEW_YEAR, UNITS, moved, unit_window

Ranges = Mapping[str, tuple[date, date]]
NO_RANGES: Ranges = {}

__all__ = [
    "NEW_YEAR",
    "NO_RANGES",
    "Ranges",
    "all_nest",
    "containing",
    "nests",
    "proportion",
    "rolling",
    "shifted",
    "tile",
    "unit_window",
    "whole",
]


def tile(
    spec: WindowSpec, term: Period, settle: WindowSpec, year_start: tuple[int, int] = NEW_YEAR, ranges: Ranges = NO_RANGES
) -> tuple[Period, ...]:
    """The windows of `spec` over the term in order, cut at its edges. Calendar windows cover every day once; named ranges
    only their own days. Rolling windows tile nothing and raise `ValueError`."""
    return tuple(cut for window in _uncut(spec, term, settle, year_start, ranges) if (cut := window.cut(term)) is not None)


def whole(
    spec: WindowSpec,
    window: Period,
    term: Period,
    settle: WindowSpec,
    year_start: tuple[int, int] = NEW_YEAR,
    ranges: Ranges = NO_RANGES,
) -> Period:
    """The calendar window that `window` was cut from; the term itself for a term."""
    for candidate in _uncut(spec, term, settle, year_start, ranges):
        if window.within(candidate):
            return candidate
    return window


def containing(
    spec: WindowSpec,
    day: date,
    term: Period,
    settle: WindowSpec,
    year_start: tuple[int, int] = NEW_YEAR,
    ranges: Ranges = NO_RANGES,
) -> Period | None:
    """The window of the tiled term in which the day lies; None outside the term or between named ranges."""
    windows = tile(spec, term, settle, year_start, ranges)
    index = bisect_right(windows, day, key=lambda window: window.start) - 1
    return windows[index] if index >= 0 and windows[index].contains(day) else None


def nests(inner: Period, outer: Period) -> bool:
    """Whether `inner` lies inside `outer` with every day."""
    return inner.within(outer)


def all_nest(inner: tuple[Period, ...], outer: tuple[Period, ...]) -> bool:
    """Whether every window of the one tiling lies inside a single window of the other."""
    return all(any(window.within(other) for other in outer) for window in inner)


def rolling(spec: WindowSpec, end: date) -> Period:
    """The trailing `count` units up to (not with) `end`. Units: day, week, month, quarter, half_year, year."""
    return Period(moved(end, spec.unit, -spec.count), end)


def shifted(
    how: str, unit: str, count: int, asking: Period, year_start: tuple[int, int] = NEW_YEAR, starting_day: int = 1
) -> Period:
    """Another window than the asking one, uncut.

    `previous`: the `unit` before the one in which the asking window starts. `so_far`: from the start of the `unit` in which
    the asking window ends, to its end. `same_of_last_year`: the asking window's `unit` ('' for the window itself) a year
    earlier. `all_earlier`: everything before the `unit` in which it starts. `before`: the `count` units before its start.
    """
    start = unit_window(unit, asking.start, year_start, starting_day) if unit in UNITS else asking
    match how:
        case "previous":
            return unit_window(unit, moved(start.start, "day", -1), year_start, starting_day)
        case "so_far":
            return Period(unit_window(unit, asking.last, year_start, starting_day).start, asking.end)
        case "same_of_last_year":
            return Period(moved(start.start, "year", -1), moved(start.end, "year", -1))
        case "all_earlier":
            return Period(date.min, start.start)
        case "before":
            return Period(moved(asking.start, unit, -count), asking.start)
        case _:
            raise ValueError(f"{how} is no way to move a window")


def proportion(cut: Period, whole: Period, how: str) -> Fraction:
    """What share of the whole window the cut one is. `days`: by days; `thirtieths`: every month counts thirty days, the
    31st none; `months`: by months of the whole window that the cut one touches."""
    match how:
        case "days":
            return Fraction(cut.days, whole.days)
        case "thirtieths":
            return Fraction(_thirtieths(cut), _thirtieths(whole))
        case "months":
            return Fraction(_months_touched(cut, whole), _months_touched(whole, whole))
        case _:
            raise ValueError(f"{how} is no way to take a proportion")


def _uncut(spec: WindowSpec, term: Period, settle: WindowSpec, year_start: tuple[int, int], ranges: Ranges) -> Iterator[Period]:
    match spec.kind:
        case "settlement":
            if settle.kind == "settlement":
                raise ValueError("settlements cannot be settled by settlement")
            yield from _uncut(settle, term, settle, year_start, ranges)
        case "term":
            yield term
        case "named":
            yield from _named(spec.name, ranges)
        case "days":
            yield from _every(spec.count, term)
        case _:
            yield from _calendar(spec, term, year_start)


def _named(name: str, ranges: Ranges) -> Iterator[Period]:
    chosen = [ranges[name]] if name else ranges.values()
    for start, end in sorted(chosen):
        yield Period(start, end)


def _every(days: int, term: Period) -> Iterator[Period]:
    start = term.start
    while start < term.end:
        yield Period(start, start + timedelta(days=days))
        start += timedelta(days=days)


def _calendar(spec: WindowSpec, term: Period, year_start: tuple[int, int]) -> Iterator[Period]:
    day = term.start
    while day < term.end:
        window = unit_window(spec.kind, day, year_start, spec.starting_day)
        yield window
        day = window.end


def _thirtieths(period: Period) -> int:
    return thirtieth(period.end) - thirtieth(period.start)


def _months_touched(cut: Period, whole: Period) -> int:
    return months_started(whole.start, cut.end) - months_full(whole.start, cut.start)
