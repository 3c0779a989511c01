"""What periods and windows are; `rules_engine.values.period` offers them. Days are half-open: `end` is the first day after."""

from __future__ import annotations

from datetime import date, timedelta

from rules_engine.record import dataclass


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` until before `end`."""

    start: date
    end: date

    @property
    def last(self) -> date:
        """The last day inside."""
        return self.end - timedelta(days=1)

    @property
    def days(self) -> int:
        """How many days are inside."""
        return (self.end - self.start).days

    def contains(self, day: date) -> bool:
        """Whether the day is inside."""
        return self.start <= day < self.end

    def within(self, other: Period) -> bool:
        """Whether every day of this period is one of `other`."""
        return other.start <= self.start and self.end <= other.end

    def meets(self, other: Period) -> bool:
        """Whether the two share a day."""
        return self.start < other.end and other.start < self.end

    def cut(self, other: Period) -> Period | None:
        """The days both have; None if there are none."""
        if not self.meets(other):
            return None
        return Period(max(self.start, other.start), min(self.end, other.end))


@dataclass(frozen=True, slots=True)
class WindowSpec:
    """`kind`: settlement, day, week (from Monday), days (every `count` days from the term's first), ten_days (a third of a
    month), half_month, month, quarter, half_year, year, term, rolling, named. `count`+`unit` for rolling (trailing `count` units up to the asking window's end), `starting_day` moves months, `name` a named range."""

    kind: str
    count: int = 0
    unit: str = ""
    starting_day: int = 1
    name: str = ""
