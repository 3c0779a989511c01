"""One aggregate over all documents: a list in date order for every group and row mask, with running sums."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import field
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import accumulate
from typing import Protocol

from rules_engine.engine.evaluator import Outcome
from rules_engine.engine.outcomes import CUT_CARRIED, faulty
from rules_engine.engine.reading.records import Record
from rules_engine.engine.reading.source_code import WIDE
from rules_engine.record import dataclass

Number = Decimal | Fraction
Group = tuple[str, ...]
Path = tuple[Hashable, ...]
UNDECIDED = -1
ZERO = Decimal(0)
FRACTION_ZERO = Fraction(0)
NO_TROUBLES: tuple[tuple[int, Outcome], ...] = ()


class Splitter(Protocol):
    """Sorts records by what a price or a paper distinguishes: the rows that may take them, or their VAT rate."""

    @property
    def signature(self) -> str:
        """What it does, as stable text."""
        ...

    def key(self, record: Record) -> Hashable | Outcome:
        """Where the record belongs; an Outcome where that cannot be told."""
        ...


Restriction = tuple[Splitter, frozenset[Hashable]]
Restrictions = tuple[Restriction, ...]


@dataclass(frozen=True, slots=True)
class CarriedSum:
    """An earlier period of which only the sum is known."""

    start: date
    end: date
    total: Number
    count: int


@dataclass(slots=True)
class Run:
    """Records of one group and mask in date order. `sums[i]` adds up the first i values; `troubles` are the positions whose
    value could not be told and stands as zero; `carried` are earlier periods without documents."""

    days: list[date] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    values: list[object] = field(default_factory=list)
    sums: list[Number] = field(default_factory=list)
    troubles: list[tuple[int, Outcome]] = field(default_factory=list)
    carried: list[CarriedSum] = field(default_factory=list)
    rounded: dict[tuple[Hashable, ...], list[Decimal]] = field(default_factory=dict)

    def bounds(self, start: date, stop: date) -> tuple[int, int]:
        """The positions with start <= day < stop."""
        days = self.days
        if not days or start >= stop or days[0] >= stop or days[-1] < start:
            return 0, 0
        return bisect_left(days, start), bisect_left(days, stop)

    def total(self, start: date, stop: date, zero: Number) -> Number:
        """The exact sum of the window; call it in the `WIDE` context."""
        first, last = self.bounds(start, stop)
        if not self.sums:
            self.sums = list(accumulate(self.values, initial=zero))  # type: ignore[arg-type]
        amount = self.sums[last] - self.sums[first]  # type: ignore[operator]
        return amount if not self.carried else amount + self._carried_total(start, stop, zero)  # type: ignore[operator]

    def _carried_total(self, start: date, stop: date, zero: Number) -> Number:
        inside = (item.total for item in self.carried if start <= item.start and item.end <= stop)
        return sum(inside, zero)

    def trouble(self, start: date, stop: date) -> Iterator[Outcome]:
        """What is wrong inside the window."""
        if self.troubles:
            first, last = self.bounds(start, stop)
            yield from (outcome for position, outcome in self.troubles if first <= position < last)
        for item in self.carried:
            if start < item.end and item.start < stop and not (start <= item.start and item.end <= stop):
                yield faulty(CUT_CARRIED, detail={"from": str(item.start), "to": str(item.end)})

    def counted(self, first: int, last: int) -> int:
        """How many documents stand at the positions."""
        return last - first

    def present(self, start: date, stop: date) -> bool:
        """Whether the window holds a document, or a carried sum of some."""
        first, last = self.bounds(start, stop)
        return first < last or any(item.count and start < item.end and item.start < stop for item in self.carried)


@dataclass(slots=True)
class Series:
    """All runs of one aggregate: group → mask path → run. `zero` has the kind of its values."""

    zero: Number
    groups: dict[Group, dict[Path, Run]] = field(default_factory=dict)
    periods: set[tuple[date, date]] = field(default_factory=set)

    def run(self, group: Group, path: Path) -> Run:
        """The run of a group and path, made when it is new."""
        runs = self.groups.get(group)
        if runs is None:
            runs = self.groups[group] = {}
        found = runs.get(path)
        if found is None:
            found = runs[path] = Run()
        return found

    def select(self, group: Group, wanted: Sequence[frozenset[Hashable] | None] = ()) -> list[Run]:
        """The runs of a group whose path is inside `wanted` (None takes every key)."""
        runs = self.groups.get(group)
        if runs is None:
            return []
        if not wanted:
            return list(runs.values())
        return [run for path, run in runs.items() if _inside(path, wanted)]

    def total(self, runs: Iterable[Run], start: date, stop: date) -> Number:
        """The sum of several runs over one window."""
        with localcontext(WIDE):
            amount = self.zero
            for run in runs:
                amount = amount + run.total(start, stop, self.zero)  # type: ignore[operator]
        return amount


def _inside(path: Path, wanted: Sequence[frozenset[Hashable] | None]) -> bool:
    return all(keys is None or key in keys for key, keys in zip(path, wanted, strict=True))
