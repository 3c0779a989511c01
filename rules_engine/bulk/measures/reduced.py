"""The facts of a contract whose lines are added up: the same questions, the same kernel, sums instead of lines.

Everything asked of single lines raises `NeedsRows`; the contract is then settled from its lines, so a run from sums is right or
it is not made.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, localcontext

from rules_engine.bulk.measures.cells import CellRecord, NeedsRows
from rules_engine.bulk.measures.linear import Terms, terms_of
from rules_engine.bulk.measures.needs import Needs, control_tiles, summable
from rules_engine.bulk.measures.plan_sql import EARLIEST
from rules_engine.core.expressions import Aggregate, Expression
from rules_engine.core.program import Program
from rules_engine.documents.model import Document
from rules_engine.engine.evaluator import Asking, Outcome
from rules_engine.engine.reading.carried import CarriedLike
from rules_engine.engine.reading.facts import Facts
from rules_engine.engine.reading.grouping import ROOTS
from rules_engine.engine.reading.indexes import Indexes
from rules_engine.engine.reading.reach import Reading, readings
from rules_engine.engine.reading.reading_loop import SeriesReader
from rules_engine.engine.reading.records import Record
from rules_engine.engine.reading.row_functions import row_function
from rules_engine.engine.reading.series import Number, Restrictions, Run, Series
from rules_engine.engine.reading.source_code import WIDE, Printer
from rules_engine.engine.shifts import moved
from rules_engine.settlement.past.control import COUNT
from rules_engine.values.exact import exact_text
from rules_engine.values.period import period_text

ONE_DAY = timedelta(days=1)


@dataclass(slots=True)
class CellRun(Run):
    """A run of cells; a window may begin and end only where time was cut."""

    cuts: frozenset[date] = frozenset()
    limit: date = date.max

    def bounds(self, start: date, stop: date) -> tuple[int, int]:
        """The positions of a window's cells; raises `NeedsRows` where it cuts one."""
        for day in (start, stop):
            if day not in self.cuts and EARLIEST < day < self.limit:
                raise NeedsRows(day)
        return super(CellRun, self).bounds(start, stop)

    def counted(self, first: int, last: int) -> int:
        """How many lines stand at the positions."""
        return sum(record.count for record in self.records[first:last] if isinstance(record, CellRecord))


@dataclass(slots=True)
class CellSeries(Series):
    """A series whose runs hold cells."""

    cuts: frozenset[date] = frozenset()
    limit: date = date.max

    def run(self, group: tuple[str, ...], path: tuple[object, ...]) -> Run:
        """The run of a group and path, made when it is new."""
        runs = self.groups.setdefault(group, {})
        found = runs.get(path)
        if found is None:
            found = runs[path] = CellRun(cuts=self.cuts, limit=self.limit)
        return found


class CellReader(SeriesReader):
    """Reads cells into a series: their sums are the values."""

    __slots__ = ("needs",)
    needs: Needs

    def _lines(self, printer: Printer) -> tuple[list[str], Series]:
        lines, series = super()._lines(printer)
        return lines, CellSeries(series.zero, cuts=frozenset(self.needs.cuts), limit=self.needs.limit)

    def _value(self, printer: Printer) -> tuple[str, Number]:
        item, zero = self.aggregate.item, super()._value(printer)[1]
        off = frozenset(source.type for source in self.aggregate.sources if source.sign < 0)
        terms = None if item is None or self.aggregate.op == "count" else terms_of(item, summable(self.needs.types))
        if item is None or self.aggregate.op == "count":
            value = _counted(off)
        elif terms is not None:
            value = _added(terms, off, zero)
        else:
            value = _repeated(row_function(item, self.reader)[0], off, zero)
        return f"{printer.bound(value)}(r)", zero

    def slow(self, record: Record) -> None:
        """A cell that the loop could not read."""
        raise NeedsRows(record.type)


Value = Callable[[CellRecord], Number]


def _counted(off: frozenset[str]) -> Value:
    return lambda record: Decimal(-record.count if record.type in off else record.count)


def _added(terms: Terms, off: frozenset[str], zero: Number) -> Value:
    needed = frozenset(name for product in terms for name in product)
    pairs = tuple((product, factor) for product, factor in terms.items())

    def value(record: CellRecord) -> Number:
        if not needed.isdisjoint(record.blank):
            raise NeedsRows(record.type)
        total = zero
        for product, factor in pairs:
            total = total + factor * (record.sums[product] if product else record.count)  # type: ignore[operator]
        return -total if record.type in off else total

    return value


def _repeated(item: Callable[[Record], object], off: frozenset[str], zero: Number) -> Value:
    """An item of columns that the cells are told apart by: its value, as often as there are lines."""
    return lambda record: (-record.count if record.type in off else record.count) * item(record) + zero  # type: ignore[operator]


class ReducedIndexes(Indexes):
    """Series of single lines, or of cells where the lines were added up."""

    def __init__(self, program: Program, records: list[Record], carried: Sequence[CarriedLike], needs: Needs) -> None:
        super().__init__(program, records, carried)
        self.needs = needs
        self.reader._look_up = self._refuse(self.reader._look_up)  # noqa: SLF001 - the reader is this index's own

    def _refuse(self, look_up: Callable[..., Outcome]) -> Callable[..., Outcome]:
        def asked(aggregate: Aggregate, record: Record, reader: object) -> Outcome:
            self.single(aggregate)
            return look_up(aggregate, record, reader)

        return asked

    def touches(self, aggregate: Aggregate) -> bool:
        """Whether the aggregate reads lines that were added up."""
        return any(source.type in self.needs.types for source in aggregate.sources)

    def single(self, aggregate: Aggregate) -> None:
        """Refuse to look at lines that were added up."""
        if self.touches(aggregate):
            raise NeedsRows(aggregate.op)

    def _built(self, aggregate: Aggregate, per: tuple[str, ...], restrictions: Restrictions, rooted: bool) -> Series:
        if not self.touches(aggregate):
            return super()._built(aggregate, per, restrictions, rooted)
        types = {source.type for source in aggregate.sources}
        if rooted or not ROOTS.isdisjoint(per) or aggregate.op not in ("sum", "count") or not types <= set(self.needs.types):
            raise NeedsRows(aggregate.op)
        reader = CellReader(aggregate, per, tuple(splitter for splitter, _ in restrictions), rooted, self.reader)
        reader.needs = self.needs
        return reader.read(self.ordered(frozenset(types), rooted=False))

    def runs(self, aggregate: Aggregate, asking: Asking, restrictions: Restrictions, rooted: bool = False) -> list[Run]:
        """The runs that single lines are read from."""
        self.single(aggregate)
        return super().runs(aggregate, asking, restrictions, rooted)

    def read(self, aggregate: Aggregate, asking: Asking, restrictions: Restrictions = ()) -> Outcome:
        """The aggregate for the asking group and window."""
        if aggregate.op not in ("sum", "count"):
            self.single(aggregate)
        return super().read(aggregate, asking, restrictions)


class ReducedFacts(Facts):
    """Facts of which some types are cells."""

    def __init__(self, program: Program, documents: Sequence[Document], cells: Sequence[CellRecord], carried: Sequence[CarriedLike], needs: Needs) -> None:
        super().__init__(program, documents, carried)
        if any(record.values.get("ref_doc_id") for record in self.records):
            raise NeedsRows("ref_doc_id")
        ordered = sorted(cells, key=lambda record: record.date)
        self.records = [*self.records, *ordered]
        for place, record in enumerate(self.records):
            record.place = place
        self.indexes = ReducedIndexes(program, self.records, carried, needs)
        rates = set() if carried else {record.vat for record in self.records}
        self._only_rate = rates.pop() if len(rates) == 1 else None

    def documents(self, expression: Expression, asking: Asking) -> tuple[Document, ...]:
        """The single documents an expression reads."""
        for reading in readings(self.program, expression):
            self._own.single(reading.aggregate)
        return super().documents(expression, asking)

    def evidence(self, expression: Expression, asking: Asking) -> tuple[int, str]:
        """How many documents `expression` reads; their identities are not at hand."""
        found = dict.fromkeys(readings(self.program, expression))
        if not any(self._own.touches(reading.aggregate) for reading in found):
            return super().evidence(expression, asking)
        places = {record.place: record for reading in found for stretch in self._read(reading, asking) for record in stretch}
        return sum(record.count if isinstance(record, CellRecord) else 1 for record in places.values()), ""

    def _read(self, reading: Reading, asking: Asking) -> Iterator[list[Record]]:
        window = asking
        for shift in reading.shifts:
            window = moved(self.program, shift, window)
        own = self.indexes.series(reading.aggregate, asking.per).select(asking.group) if asking.per else None
        for run in self.indexes.ungrouped(reading.aggregate) if own is None else own:
            first, last = run.bounds(window.start, min(window.end, window.upto))
            yield run.records[first:last]

    def unlinked(self) -> tuple[Document, ...]:
        """Which documents have no original: a question to single lines."""
        raise NeedsRows("unlinked")

    @property
    def _own(self) -> ReducedIndexes:
        assert isinstance(self.indexes, ReducedIndexes)
        return self.indexes


@dataclass(frozen=True, slots=True)
class Sums:
    """The lines of one contract that were added up, as `settle` asks of them."""

    program: Program
    needs: Needs
    cells: tuple[CellRecord, ...]
    read: int
    control: Mapping[str, str]

    def known(self, by: date, before: date) -> Mapping[str, str]:
        """The control totals of what was known on a day and is dated before another."""
        if any(cell.heard is not None for cell in self.cells) and by + ONE_DAY not in self.needs.cuts:
            raise NeedsRows("known_on")
        if before not in self.needs.cuts and any(cell.day < before for cell in self.cells):
            raise NeedsRows("date")
        found = (cell for cell in self.cells if cell.day < before and (cell.heard is None or cell.heard <= by))
        return control_of(self.program, found)

    def earlier(self, start: date, stop: date) -> int:
        """How many lines are of days from `start` until before `stop`."""
        return sum(cell.count for cell in self.cells if start <= cell.day < stop)

    def facts(self, program: Program, documents: Sequence[Document], carried: Sequence[CarriedLike]) -> Facts:
        """The facts of cells and single documents."""
        return ReducedFacts(program, documents, self.cells, carried, self.needs)

    def single(self) -> None:
        """Sums are not enough."""
        raise NeedsRows("settle")


def control_of(program: Program, cells: Iterable[CellRecord]) -> dict[str, str]:
    """Control totals of cells, named as those of single documents."""
    tiles = control_tiles(program)
    starts = [tile.start for tile in tiles]
    found: dict[tuple[int, str], dict[str, Decimal]] = {}
    with localcontext(WIDE):
        for cell in cells:
            index = bisect_right(starts, cell.day) - 1
            if index >= 0 and cell.day < tiles[index].end:
                sums = found.setdefault((index, cell.type), {COUNT: Decimal(0)})
                for name, value in _figures(cell):
                    sums[name] = sums.get(name, Decimal(0)) + value
    return {
        f"{period_text(tiles[index])} {kind} {name}": exact_text(value)
        for (index, kind), sums in sorted(found.items())
        for name, value in sums.items()
        if value and (name == COUNT or name in program.types[kind].columns)
    }


def _figures(cell: CellRecord) -> Iterator[tuple[str, Decimal]]:
    yield COUNT, Decimal(cell.count)
    yield from ((product[0], value) for product, value in cell.sums.items() if len(product) == 1)


