"""The series of a run, each built once when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from rules_engine.core.expressions import Aggregate, Expression, Table
from rules_engine.core.program import Program
from rules_engine.engine.evaluator import Asking, Outcome
from rules_engine.engine.outcomes import failure, merged
from rules_engine.engine.reading.carried import CarriedLike, seed
from rules_engine.engine.reading.columns import Reader
from rules_engine.engine.reading.grouping import ROOTS, root_day
from rules_engine.engine.reading.identity import signature
from rules_engine.engine.reading.lookups import LookUps
from rules_engine.engine.reading.orders import Orders
from rules_engine.engine.reading.reach import carried_sum, read_once
from rules_engine.engine.reading.reading_loop import SeriesReader
from rules_engine.engine.reading.records import Record
from rules_engine.engine.reading.reductions import Item, reduced
from rules_engine.engine.reading.series import Path, Restrictions, Run, Series
from rules_engine.engine.reading.splitters import VAT, RowSplitter
from rules_engine.engine.reading.states import States
from rules_engine.record import dataclass
from rules_engine.values.exact import as_decimal
from rules_engine.values.period import Period

ZERO = Decimal(0)
FRACTION_ZERO = Fraction(0)
ROOTED = "root"
Uncovered = Callable[[str], Mapping[tuple[int, str], Fraction]]
"""Mark of a base → what a balance leaves of each document, by its place and the sum it is added to."""


def nothing_covered(_mark: str) -> Mapping[tuple[int, str], Fraction]:
    """No balance takes any part of a document."""
    return {}


def leave(series: Series, name: str, left: Mapping[tuple[int, str], Fraction]) -> None:
    """Replace what documents add to a sum by what is left of it."""
    for runs in series.groups.values():
        for run in runs.values():
            for at, record in enumerate(run.records):
                rest = left.get((record.place, name))
                if rest is not None:
                    run.values[at] = as_decimal(rest) if isinstance(series.zero, Decimal) else rest


@dataclass(frozen=True, slots=True)
class Kept:
    """A series with the nodes it was asked for by, kept alive because their identity is the key."""

    series: Series
    nodes: tuple[object, ...]


class Indexes:
    """Builds and keeps series: by aggregate, columns, row masks and clock."""

    def __init__(self, program: Program, records: list[Record], carried: Sequence[CarriedLike] = ()) -> None:
        self.program = program
        self.carried = carried
        self.records = records
        self.uncovered: Uncovered = nothing_covered
        self.by_type: dict[str, list[Record]] = {}
        for record in records:
            self.by_type.setdefault(record.type, []).append(record)
        self.states = States(program.values, self.by_type)
        self.reader = Reader(program, LookUps(self.by_type), Orders(self.by_type), self.states.of_document)
        self.named: dict[str, Series] = {}
        self.asked: dict[str, tuple[Aggregate, tuple[str, ...]]] = {}
        self._kept: dict[tuple[object, ...], Kept] = {}
        self._splitters: dict[tuple[int, bool], tuple[Table, RowSplitter]] = {}
        self._whole: dict[str, str] = {}
        self._one_rate: dict[str, tuple[str, Path]] = {}
        self._ordered: dict[tuple[frozenset[str], bool], list[Record]] = {}

    def splitter(self, table: Table, dated: bool = True) -> RowSplitter:
        """The splitter of a table."""
        held = self._splitters.get((id(table), dated))
        if held is None:
            held = self._splitters[id(table), dated] = (table, RowSplitter(table, self.reader, dated))
        return held[1]

    def series(
        self, aggregate: Aggregate, per: tuple[str, ...], restrictions: Restrictions = (), rooted: bool = False
    ) -> Series:
        """The series of an aggregate for the columns `per`, told apart by the restrictions' splitters."""
        key = (id(aggregate), per, rooted, *(id(splitter) for splitter, _ in restrictions))
        kept = self._kept.get(key)
        if kept is None:
            splitters = tuple(splitter for splitter, _ in restrictions)
            name = self.name(aggregate, per, tuple(splitter.signature for splitter in splitters), rooted)
            series = self.named.get(name)
            if series is None:
                series = self.named[name] = self._built(aggregate, per, restrictions, rooted)
                self.asked[name] = (aggregate, per)
                seed(series, name, self.carried)
            kept = self._kept[key] = Kept(series, (aggregate, *splitters))
        return kept.series

    def ungrouped(self, aggregate: Aggregate) -> list[Run]:
        """Runs that together hold every document the aggregate reads, whatever their groups."""
        wanted = signature(aggregate)
        name = self._whole.get(wanted)
        if name is None:
            held = (name for name, (other, per) in self.asked.items() if ROOTED not in name and ROOTS.isdisjoint(per) and signature(other) == wanted)
            name = next(held, None)
            if name is None:
                return self.series(aggregate, ()).select(())
            self._whole[wanted] = name
        return [run for runs in self.named[name].groups.values() for run in runs.values()]

    def name(self, aggregate: Aggregate, per: tuple[str, ...], splits: tuple[str, ...], rooted: bool = False) -> str:
        """The stable key of a series."""
        return "|".join((signature(aggregate), ",".join(per), ROOTED if rooted else "", *splits))

    def one_rate(self, aggregate: Aggregate, per: tuple[str, ...], rate: Decimal) -> Series:
        """The series by VAT rate where all documents have the one rate: the plain series, carried over under both names."""
        name = self.name(aggregate, per, ())
        self._one_rate[self.name(aggregate, per, (VAT.signature,))] = (name, (rate,))
        return self.series(aggregate, per)

    def carriable(self) -> list[tuple[str, Path, Series]]:
        """The series whose sums can be carried over: name, what their paths begin with, series."""
        plain: list[tuple[str, Path, Series]] = [
            (name, (), self.named[name])
            for name, (aggregate, per) in self.asked.items()
            if carried_sum(aggregate) and ROOTS.isdisjoint(per) and ROOTED not in name
        ]
        names = {name for name, _, _ in plain}
        by_rate = [(name, path, self.named[of]) for name, (of, path) in self._one_rate.items() if of in names]
        return [*plain, *by_rate]

    def covered(self, expression: Expression, per: tuple[str, ...], period: Period) -> bool:
        """Whether every series of the expression's aggregates has carried sums of the period."""
        wanted = {signature(reading.aggregate) for reading in read_once(self.program, expression)}
        bounds = (period.start, period.end)
        found = [name for name, (aggregate, asked) in self.asked.items() if asked == per and signature(aggregate) in wanted]
        return bool(found) and all(bounds in self.named[name].periods for name in found)

    def _built(self, aggregate: Aggregate, per: tuple[str, ...], restrictions: Restrictions, rooted: bool) -> Series:
        rooted = rooted or not ROOTS.isdisjoint(per)
        splitters = tuple(splitter for splitter, _ in restrictions)
        records = self.ordered(frozenset(source.type for source in aggregate.sources), rooted)
        series = SeriesReader(aggregate, per, splitters, rooted, self.reader).read(records)
        if aggregate.against:
            leave(series, signature(replace(aggregate, against="")), self.uncovered(aggregate.against))
        return series

    def ordered(self, types: frozenset[str], rooted: bool) -> list[Record]:
        """The records of some types by clock, or by the clock of their root."""
        key = (types, rooted)
        found = self._ordered.get(key)
        if found is None:
            if len(types) == 1 and not rooted:
                found = self.by_type.get(next(iter(types)), [])
            else:
                found = [record for record in self.records if record.type in types]
            if rooted:
                found.sort(key=lambda record: (root_day(record), *record.order[1:]))
            self._ordered[key] = found
        return found

    def runs(self, aggregate: Aggregate, asking: Asking, restrictions: Restrictions, rooted: bool = False) -> list[Run]:
        """The runs that hold what the asking group may read."""
        series = self.series(aggregate, asking.per, restrictions, rooted)
        return series.select(asking.group, [keys for _, keys in restrictions])

    def read(self, aggregate: Aggregate, asking: Asking, restrictions: Restrictions = ()) -> Outcome:
        """The aggregate for the asking group and window."""
        series = self.series(aggregate, asking.per, restrictions)
        runs = series.select(asking.group, [keys for _, keys in restrictions])
        stop = min(asking.end, asking.upto)
        failed = failure([wrong for run in runs for wrong in run.trouble(asking.start, stop)])
        if failed is not None:
            return failed
        if aggregate.op in ("sum", "count"):
            return Outcome(Fraction(series.total(runs, asking.start, stop)))
        items = [Item(record, 1, Outcome(_exact(value))) for record, value in inside(runs, asking.start, stop)]
        return reduced(aggregate, items, stop)


def _exact(value: object) -> Fraction | str | bool | date:
    if isinstance(value, Decimal):
        return Fraction(value)
    assert isinstance(value, Fraction | str | bool | date)
    return value


def inside(runs: Iterable[Run], start: date, stop: date) -> Iterator[tuple[Record, object]]:
    """Records of the window with their values, in date order."""
    slices = [(run, *run.bounds(start, stop)) for run in runs]
    if len(slices) == 1:
        run, first, last = slices[0]
        return iter(zip(run.records[first:last], run.values[first:last], strict=True))
    found = [pair for run, first, last in slices for pair in zip(run.records[first:last], run.values[first:last], strict=True)]
    return iter(sorted(found, key=lambda pair: pair[0].place))


def undecided(runs: Iterable[Run], start: date, stop: date) -> Outcome | None:
    """What is wrong in the window, put together."""
    wrong = [outcome for run in runs for outcome in run.trouble(start, stop)]
    return merged(wrong) if wrong else None
