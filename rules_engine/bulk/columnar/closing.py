"""Totals and what a later period takes: by contract, from columns of lines and control totals."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from rules_engine.bulk.columnar.grid import Grid, Ints
from rules_engine.bulk.columnar.placing import LIMIT
from rules_engine.bulk.columnar.printing import Printed
from rules_engine.bulk.columnar.reasons import Alone, Reason
from rules_engine.bulk.columnar.shape import Card
from rules_engine.bulk.columnar.texts import plain
from rules_engine.bulk.measures.cells import CellRecord
from rules_engine.bulk.measures.needs import control_tiles
from rules_engine.bulk.missing import library, pyarrow
from rules_engine.bulk.tables.columns import TOTALS, schema
from rules_engine.bulk.tables.entries import Row, totals_row
from rules_engine.bulk.tables.keeping import common, kept_text
from rules_engine.core.program import Program
from rules_engine.settlement.closing.balances import carried_balance
from rules_engine.settlement.closing.notices import notices
from rules_engine.settlement.closing.payments import due_day
from rules_engine.settlement.closing.totals import closed, dated
from rules_engine.settlement.entitled.keys import Entitlements
from rules_engine.settlement.model import PaperTotals, Payment, Receipt, Settlement, Totals
from rules_engine.settlement.papers import PAPERS, smallest_unit
from rules_engine.settlement.past.control import COUNT
from rules_engine.settlement.past.history import History
from rules_engine.settlement.targets import NOTHING
from rules_engine.values.calendar import CALENDAR_VERSION, CalendarUncovered
from rules_engine.values.exact import scaled
from rules_engine.values.period import Period, period_text
from rules_engine.version import __version__


@dataclass(frozen=True, slots=True)
class Asked:
    """What is settled: contracts of one shape, the period, the day they are known as of, how many lines of each were read, and what was posted
    for each, its lines left out."""

    program: Program
    period: Period
    written: str
    as_of: date | None
    cards: Sequence[Card]
    read: Sequence[int]
    past: Sequence[History] = ()

    def of(self, place: int) -> Program:
        """The program of the contract at a place: the common one under its own header."""
        return replace(self.program, header=self.cards[place].header(self.program.header))


@dataclass(frozen=True, slots=True)
class _Earlier:
    """How many lines of one contract are dated before the period."""

    count: int

    def earlier(self, start: date, stop: date) -> int:
        """The lines from `start` until before `stop`."""
        del start, stop
        return self.count


def closings(asked: Asked, found: Printed, grid: Grid) -> Iterator[tuple[Row, tuple[str, str]]]:
    """The row of totals and the row of what is kept of each statement, contract by contract."""
    sums, papers = _sums(asked, found)
    counts, control, due = _counts(asked, found), controls(asked.program, grid), _due(asked)
    early = _early(asked, grid)
    titles = [f"{kind.stood.clause.id} {kind.stood.clause.kind}" for kind in found.kinds]
    named = {key: kind.stood.clause.title or kind.stood.clause.id for key, kind in zip(titles, found.kinds, strict=True)}
    printed = _titles(asked, found, titles)
    alike: dict[str, object] | None = None
    told = _Notices(asked)
    for place, past in enumerate(asked.past):
        program = asked.of(place)
        total = _dated(closed(program.header, *sums[place], past), due)
        settlement = Settlement(
            program, asked.period, asked.as_of, (), total, papers[place], (), (), (), (), asked.read[place], 0, (), (),
            carried_balance(total), told.of(program, past, total, early[place]),
            Receipt(program.header.sha256, "", control[place], f"settlewright {__version__}", CALENDAR_VERSION, ()),
        )  # fmt: skip
        alike = common(settlement) if alike is None else alike
        row = totals_row(settlement, asked.written, asked.read[place], counts[place])
        yield row, (program.header.id, kept_text(alike, settlement, {key: named[key] for key in printed[place]}))


class _Notices:
    """The notices of each contract; those without statements before are told the same where the same is to be told."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._known: dict[tuple[int, Totals | None], tuple[tuple[str, str], ...]] = {}

    def of(self, program: Program, past: History, total: Totals, early: int) -> tuple[tuple[str, str], ...]:
        """Those of one contract of which so many lines are earlier than the period."""
        key = (early, total if program.header.deferrals or total.written_off else None)
        if past.statements or key not in self._known:
            earlier, period = _Earlier(early), self._asked.period
            found = notices(program, past, period, (), Entitlements(), (), total, "settled", earlier, as_of=self._asked.as_of)  # type: ignore[arg-type]
            if past.statements:
                return found
            self._known[key] = found
        return self._known[key]


def _dated(total: Totals, due: date | None) -> Totals:
    if total.payout <= 0:
        return total
    if due is None:
        raise Alone(Reason.FINDINGS)
    return dated(total, (Payment(due, total.payout),))


def _due(asked: Asked) -> date | None:
    """When a payout falls due; None where the calendar does not know."""
    try:
        return due_day(asked.program.header.pay, asked.period.last)
    except CalendarUncovered:
        return None


def _sums(asked: Asked, found: Printed) -> tuple[list[tuple[Decimal, Decimal]], list[PaperTotals]]:
    """Payable and receivable of each contract, and what stands on each paper."""
    numpy = library("numpy")
    payable = numpy.array([kind.direction == "payable" for kind in found.kinds] or [False])
    paper = numpy.array([PAPERS.index(_paper(kind.stood.clause.papers)) for kind in found.kinds] or [0])
    sign = numpy.where(payable == (paper == 0), 1, -1)
    if int(numpy.abs(found.due).max(initial=0)) * max(1, len(found.due)) >= LIMIT:
        raise Alone(Reason.LONG)
    table = numpy.zeros((len(asked.cards), 2 + len(PAPERS)), dtype=numpy.int64)
    numpy.add.at(table, (found.contract, numpy.where(payable, 0, 1)[found.kind]), found.due)
    numpy.add.at(table, (found.contract, 2 + paper[found.kind]), sign[found.kind] * found.due)
    unit = smallest_unit(asked.program.header.currency)
    amounts = [[scaled(value, found.places) if value else NOTHING.quantize(unit) for value in row] for row in table.tolist()]
    return [(row[0], row[1]) for row in amounts], [PaperTotals(row[2], row[3], row[4], row[5], ()) for row in amounts]


def _paper(papers: Any) -> str:
    if papers.treatment == "prepayment":
        return "prepayment"
    return papers.invoice_by if papers.invoice_by in ("supplier", "platform") else "receipt"


def _counts(asked: Asked, found: Printed) -> list[int]:
    numpy = library("numpy")
    counts: list[int] = numpy.bincount(found.contract, minlength=len(asked.cards)).tolist()
    return counts


def _titles(asked: Asked, found: Printed, titles: Sequence[str]) -> list[list[str]]:
    """The clauses that have a line, by contract."""
    numpy = library("numpy")
    names = list(dict.fromkeys(titles))
    number = numpy.array([names.index(title) for title in titles] or [0])
    seen = numpy.zeros((len(asked.cards), max(1, len(names))), dtype=bool)
    seen[found.contract, number[found.kind]] = True
    return [[name for name, has in zip(names, row, strict=False) if has] for row in seen.tolist()]


def _early(asked: Asked, grid: Grid) -> list[int]:
    """How many lines of each contract are dated before the period and after what was posted."""
    numpy = library("numpy")
    found = numpy.zeros(grid.contracts, dtype=numpy.int64)
    starts = numpy.array([max(asked.program.header.start, past.settled_until).toordinal() for past in asked.past])
    day = numpy.array([record.day.toordinal() for record in grid.sorts] or [0])[grid.sort]
    before = (starts[grid.contract] <= day) & (day < asked.period.start.toordinal())
    numpy.add.at(found, grid.contract[before], grid.lines[before])
    counts: list[int] = found.tolist()
    return counts


def controls(program: Program, grid: Grid, known: Callable[[CellRecord], bool] = lambda _: True) -> list[dict[str, str]]:
    """The control totals of each contract, of lines that are `known`."""
    numpy = library("numpy")
    found: list[dict[str, str]] = [{} for _ in range(grid.contracts)]
    tiles = control_tiles(program)
    for kind in sorted({record.type for record in grid.sorts}):
        columns = program.types[kind].columns
        for tile in tiles:
            inside = numpy.array([record.type == kind and tile.start <= record.day < tile.end and known(record) for record in grid.sorts])[grid.sort]
            if not inside.any():
                continue
            name = f"{period_text(tile)} {kind}"
            _control(found, f"{name} {COUNT}", grid, inside, grid.lines, 0)
            for product, sums in grid.sums.items():
                if len(product) == 1 and product[0] in columns:
                    _control(found, f"{name} {product[0]}", grid, inside, sums.units, sums.scale)
    return found


def _control(found: list[dict[str, str]], name: str, grid: Grid, inside: Ints, units: Ints, scale: int) -> None:
    numpy = library("numpy")
    if int(numpy.abs(units[inside]).max(initial=0)) * int(inside.sum()) >= LIMIT:
        raise Alone(Reason.LONG)
    sums = numpy.zeros(grid.contracts, dtype=numpy.int64)
    numpy.add.at(sums, grid.contract[inside], units[inside])
    for place, text in zip(numpy.flatnonzero(sums).tolist(), plain(sums[sums != 0], scale).to_pylist(), strict=True):
        found[place][name] = text


def totals_table(rows: Sequence[Row]) -> Any:
    """The table of totals."""
    arrow, fields = pyarrow(), schema(TOTALS)
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(fields)
    return arrow.table([arrow.array(column, each.type) for column, each in zip(columns, fields, strict=True)], schema=fields)
