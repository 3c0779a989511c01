"""Sums that a statement carries so that a later run needs no earlier documents."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Protocol

from rules_engine.engine.reading.masks import mask_of, mask_text
from rules_engine.engine.reading.series import CarriedSum, Path, Run, Series
from rules_engine.engine.reading.source_code import WIDE
from rules_engine.record import dataclass
from rules_engine.values.exact import exact_text
from rules_engine.values.period import Period


class CarriedLike(Protocol):
    """What a statement carries of a series: its key, group, window, total and number of documents."""

    @property
    def key(self) -> str:
        """The stable key of the series and, after `#`, of the row mask."""
        ...

    @property
    def group(self) -> tuple[str, ...]:
        """The group's texts."""
        ...

    @property
    def start(self) -> date:
        """The first day of the period."""
        ...

    @property
    def end(self) -> date:
        """The first day after it."""
        ...

    @property
    def total(self) -> str:
        """The exact sum, as text."""
        ...

    @property
    def count(self) -> int:
        """How many documents it adds up; 0 says that the period was read and held none."""
        ...


@dataclass(frozen=True, slots=True)
class Carried:
    """A sum of one series, group, mask and period; `total` is exact text."""

    key: str
    group: tuple[str, ...]
    start: date
    end: date
    total: str
    count: int


def seed(series: Series, name: str, carried: Sequence[CarriedLike]) -> None:
    """Put the earlier sums of the series called `name` into its runs."""
    for item in carried:
        key, _, path = item.key.partition("#")
        if key != name:
            continue
        series.periods.add((item.start, item.end))
        if not item.count:
            continue
        total = Fraction(item.total) if isinstance(series.zero, Fraction) else Decimal(item.total)
        series.run(item.group, _path(path)).carried.append(CarriedSum(item.start, item.end, total, item.count))


def export(series: Series, name: str, periods: Iterable[Period], begin: Path = ()) -> list[Carried]:
    """The sums of each period: one entry a group and mask that has documents, and one empty entry a period. `begin`
    stands before every mask."""
    found: list[Carried] = []
    with localcontext(WIDE):
        for period in periods:
            found.append(Carried(name, (), period.start, period.end, "0", 0))
            for group, runs in series.groups.items():
                for path, run in runs.items():
                    found.extend(_entry(series, run, name, group, (*begin, *path), period))
    return found


def _entry(series: Series, run: Run, name: str, group: tuple[str, ...], path: Path, period: Period) -> list[Carried]:
    first, last = run.bounds(period.start, period.end)
    count = run.counted(first, last)
    if run.carried:
        count += sum(item.count for item in run.carried if period.start <= item.start and item.end <= period.end)
    if not count:
        return []
    total = run.total(period.start, period.end, series.zero)
    key = f"{name}#{path_text(path)}"
    return [Carried(key, group, period.start, period.end, exact_text(total), count)]


def path_text(path: Path) -> str:
    """A path as it stands in the key of a carried sum."""
    return ",".join(_key_text(key) for key in path)


def _key_text(key: Hashable) -> str:
    if isinstance(key, Decimal):
        return f"d{exact_text(key)}"
    return "-" if key is None else mask_text(key)


def _path(text: str) -> Path:
    return tuple(_key(part) for part in text.split(",")) if text else ()


def _key(text: str) -> Hashable:
    if text.startswith("d"):
        return Decimal(text[1:])
    return None if text == "-" else mask_of(text)
