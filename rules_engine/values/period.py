"""Periods and the windows that tile a term. Days are half-open: `end` is the first day after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` until before `end`."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class WindowSpec:
    """`kind`: settlement, half_month, month, quarter, half_year, year, term, rolling, named. `count`+`unit` for rolling
    (trailing `count` units up to the asking window's end), `starting_day` moves months, `name` a named range."""

    kind: str
    count: int = 0
    unit: str = ""
    starting_day: int = 1
    name: str = ""
