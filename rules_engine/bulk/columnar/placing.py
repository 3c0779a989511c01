"""What the aggregates of a shape take of every sort of cells: group, price row, value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from rules_engine.bulk.columnar.grid import Grid, Ints
from rules_engine.bulk.columnar.reasons import Alone, Reason
from rules_engine.bulk.columnar.rows import OfRow, rows_taken
from rules_engine.bulk.measures.cells import NeedsRows
from rules_engine.bulk.measures.linear import terms_of
from rules_engine.bulk.measures.needs import Needs, summable
from rules_engine.bulk.measures.plan_sql import EARLIEST
from rules_engine.bulk.measures.reduced import ReducedIndexes
from rules_engine.bulk.missing import library
from rules_engine.core.expressions import Aggregate, Table
from rules_engine.core.program import Program
from rules_engine.engine.reading.identity import signature
from rules_engine.engine.reading.row_functions import row_function
from rules_engine.engine.reading.series import Path, Splitter
from rules_engine.engine.reading.splitters import VAT

Group = tuple[str, ...]
LIMIT = 2**62
NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an aggregate puts each sort: its group and path by number, -1 where it does not take it."""

    groups: tuple[Group, ...]
    group: Ints
    paths: tuple[Path, ...]
    path: Ints


@dataclass(frozen=True, slots=True)
class Values:
    """What an aggregate adds for each cell, as whole numbers of ten to the minus `scale`; cells it does not take are 0."""

    units: Ints
    scale: int


@dataclass(slots=True)
class Placing:
    """The readers of a shape over its sorts; answers are kept."""

    program: Program
    needs: Needs
    grid: Grid
    of_rows: Mapping[str, OfRow] = field(default_factory=dict)
    _placed: dict[tuple[str, tuple[str, ...], str], Placed] = field(default_factory=dict)
    _values: dict[str, Values] = field(default_factory=dict)
    _days: Ints | None = None
    _indexes: ReducedIndexes = field(init=False)

    def __post_init__(self) -> None:
        self._indexes = ReducedIndexes(self.program, list(self.grid.sorts), (), self.needs)

    def placed(self, aggregate: Aggregate, per: tuple[str, ...], split: Table | str | None = None) -> Placed:
        """Where the sorts stand in a grouping, told apart by a table's rows or, with 'vat', by rate."""
        row = self.of_rows.get(signature(aggregate))
        if row is not None:
            return self._of_row(row, per)
        splitter: Splitter | None = VAT if split == "vat" else self._indexes.splitter(split) if isinstance(split, Table) else None
        key = (signature(aggregate), per, splitter.signature if splitter is not None else "")
        if key not in self._placed:
            self._placed[key] = self._found(aggregate, per, splitter)
        return self._placed[key]

    def _found(self, aggregate: Aggregate, per: tuple[str, ...], splitter: Splitter | None) -> Placed:
        numpy = library("numpy")
        if not {source.type for source in aggregate.sources} <= set(self.needs.types):
            raise Alone(Reason.LINES)
        try:
            series = self._indexes.series(aggregate, per, ((splitter, frozenset()),) if splitter is not None else ())
        except NeedsRows:
            raise Alone(Reason.NOT_SUMS) from None
        group, path = (numpy.full(len(self.grid.sorts), NOWHERE, dtype=numpy.int64) for _ in range(2))
        paths: dict[Path, int] = {}
        for number, runs in enumerate(series.groups.values()):
            for way, run in runs.items():
                if run.troubles:
                    raise Alone(Reason.UNDECIDED)
                at = [record.place for record in run.records]
                group[at], path[at] = number, paths.setdefault(way, len(paths))
        return Placed(tuple(series.groups), group, tuple(paths), path)

    def _of_row(self, row: OfRow, per: tuple[str, ...]) -> Placed:
        """The sorts that a row of a table takes; one that no row takes, or two that differ, is the kernel's."""
        numpy = library("numpy")
        whole = self.placed(row.aggregate, per, row.table)
        taken = [rows_taken(row.table, key) if isinstance(key := path[0], int) and key >= 0 else () for path in whole.paths]
        if not all(taken):
            raise Alone(Reason.UNDECIDED)
        inside = numpy.array([row.row in rows for rows in taken] or [False])[whole.path] & (whole.group != NOWHERE)
        return Placed(whole.groups, numpy.where(inside, whole.group, NOWHERE), whole.paths, whole.path)

    def values(self, aggregate: Aggregate) -> Values:
        """What the aggregate adds for each cell."""
        row = self.of_rows.get(signature(aggregate))
        whole = row.aggregate if row is not None else aggregate
        key = signature(whole)
        if key not in self._values:
            self._values[key] = self._valued(whole)
        return self._values[key]

    def _valued(self, aggregate: Aggregate) -> Values:
        numpy, grid = library("numpy"), self.grid
        taken = (self.placed(aggregate, ()).group != NOWHERE)[grid.sort]
        off = {source.type for source in aggregate.sources if source.sign < 0}
        sign = numpy.array([-1 if record.type in off else 1 for record in grid.sorts] or [1], dtype=numpy.int64)[grid.sort]
        found = self._counted(aggregate) if aggregate.item is None or aggregate.op == "count" else self._summed(aggregate, taken)
        return Values(numpy.where(taken, sign * found.units, 0), found.scale)

    def _counted(self, aggregate: Aggregate) -> Values:
        del aggregate
        return Values(self.grid.lines, 0)

    def _summed(self, aggregate: Aggregate, taken: Ints) -> Values:
        numpy, grid = library("numpy"), self.grid
        assert aggregate.item is not None
        terms = terms_of(aggregate.item, summable(self.needs.types))
        if terms is None:
            return self._repeated(aggregate)
        self._lacking(frozenset(name for product in terms for name in product), taken)
        pairs = [(grid.sums[product].units, grid.sums[product].scale, factor) if product else (grid.lines, 0, factor) for product, factor in terms.items()]
        places = [scale + decimals(factor) for _, scale, factor in pairs]
        scale = max(places, default=0)
        total = numpy.zeros(len(grid.sort), dtype=numpy.int64)
        for units, own, factor in pairs:
            times = int(factor.scaleb(scale - own))
            if len(units) and int(numpy.abs(units).max()) * abs(times) * max(1, len(pairs)) >= LIMIT:
                raise Alone(Reason.LONG)
            total += units * times
        return Values(total, scale)

    def _lacking(self, needed: frozenset[str], taken: Ints) -> None:
        """Contracts with a line that lacks a column the sum needs are the kernel's."""
        numpy, grid = library("numpy"), self.grid
        mask = sum(1 << place for place, name in enumerate(self.needs.needed) if name in needed)
        wrong = numpy.flatnonzero(taken & ((grid.blank & mask) != 0))
        if len(wrong):
            raise Alone(Reason.BLANK, frozenset(grid.contract[wrong].tolist()))

    def _repeated(self, aggregate: Aggregate) -> Values:
        """An item of columns that cells are told apart by: its value, as often as there are lines."""
        numpy, grid = library("numpy"), self.grid
        assert aggregate.item is not None
        value = row_function(aggregate.item, self._indexes.reader)[0]
        taken = self.placed(aggregate, ()).group != NOWHERE
        found = [value(record) if takes else Decimal(0) for record, takes in zip(grid.sorts, taken.tolist(), strict=True)]
        if not all(isinstance(each, Decimal) for each in found):
            raise Alone(Reason.NOT_SUMS)
        scale = max((decimals(each) for each in found if isinstance(each, Decimal)), default=0)
        units = [int(each.scaleb(scale)) for each in found if isinstance(each, Decimal)]
        most = max(map(abs, units), default=0)
        if most * int(grid.lines.max(initial=0)) >= LIMIT:
            raise Alone(Reason.LONG)
        return Values(numpy.array(units or [0], dtype=numpy.int64)[grid.sort] * grid.lines, scale)

    def inside(self, start: date, stop: date) -> Ints:
        """Which sorts are of days from `start` until before `stop`; a window that cuts a stretch is the kernel's."""
        numpy = library("numpy")
        for day in (start, stop):
            if day not in self.needs.cuts and EARLIEST < day < self.needs.limit:
                raise Alone(Reason.NOT_SUMS)
        if self._days is None:
            self._days = numpy.array([record.date.toordinal() for record in self.grid.sorts] or [0], dtype=numpy.int64)
        return (self._days >= start.toordinal()) & (self._days < stop.toordinal())


def decimals(value: Decimal) -> int:
    """How many decimals a number needs."""
    return max(0, -int(value.normalize().as_tuple().exponent)) if value else 0


def added(values: Values, rows: Ints, count: int, kept: Ints, scale: int) -> Ints:
    """The sums of cells by row (a row for each cell, those not `kept` left out), as whole numbers of a scale."""
    numpy = library("numpy")
    if values.scale > scale:
        lost = 10 ** (values.scale - scale)
        if (values.units[kept] % lost).any():
            raise Alone(Reason.LONG)
        units, factor = values.units // lost, 1
    else:
        units, factor = values.units, 10 ** (scale - values.scale)
    most = int(numpy.abs(units[kept]).max(initial=0))
    if most * len(rows) * factor >= LIMIT:
        raise Alone(Reason.LONG)
    total = numpy.zeros(count, dtype=numpy.int64)
    numpy.add.at(total, rows[kept], units[kept] * factor)
    return total
