"""T of a clause for all its contracts at once: rows (contract × group) of one window, evaluated by the lowered function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from rules_engine.bulk.columnar.asking import BASED, EARNED, HELD, table_of
from rules_engine.bulk.columnar.before import Before
from rules_engine.bulk.columnar.capping import Capped, cap_of, cap_window, rounded
from rules_engine.bulk.columnar.grid import Ints
from rules_engine.bulk.columnar.placing import NOWHERE, Group, Placing, added
from rules_engine.bulk.columnar.reasons import Alone, Reason
from rules_engine.bulk.columnar.shape import ClauseParts, Part
from rules_engine.bulk.columnar.texts import LARGEST
from rules_engine.bulk.missing import library
from rules_engine.core.program import Clause
from rules_engine.engine.reading.reach import paid_once, read_once
from rules_engine.lowered.columns import columns
from rules_engine.lowered.model import Operand
from rules_engine.settlement.schedule import Stage, uncut
from rules_engine.values.period import Period
from rules_engine.values.windows import proportion

GATED, NEGATIVE = 1, 2
Parameters = Sequence["Ints"]
"""A part's parameters, a column each with a number for every contract."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The calculation units of one window: contract and group (a place in `groups`) of each, by contract, then group. `read`: named
    in the contract or by a line, and not only by what is posted."""

    contract: Ints
    group: Ints
    groups: tuple[Group, ...]
    start: date
    stop: date
    read: Ints

    def find(self, contract: Ints, group: Ints) -> Ints:
        """The row of each contract and group; -1 where there is none."""
        numpy = library("numpy")
        if not len(self.contract):
            return numpy.full(len(contract), NOWHERE)
        keys, wanted = self.contract * len(self.groups) + self.group, contract * len(self.groups) + group
        at = numpy.minimum(numpy.searchsorted(keys, wanted), len(keys) - 1)
        return numpy.where((group != NOWHERE) & (keys[at] == wanted), at, NOWHERE)


@dataclass(frozen=True, slots=True)
class Exact:
    """Exact numbers: `top` over ten to `scale`, and over `bottom` if there is one."""

    top: Ints
    scale: int
    bottom: Ints | int | None


@dataclass(frozen=True, slots=True)
class Stood:
    """A clause's window: its rows with exact and rounded amount, base, and how many lines each read. `zeroed`: 1 where its condition did not hold, 2 where
    a negative amount counts as nothing. `met`: what decides which sums the kernel asked for. `capped`: its cap, if
    there is one."""

    clause: Clause
    stage: Stage
    rows: Rows
    exact: Exact
    amount: Ints
    places: int
    base: Exact | None
    documents: Ints
    zeroed: Ints
    met: Ints
    capped: Capped | None = None


def stood(placing: Placing, clause: Clause, parts: ClauseParts, given: Sequence[Parameters], stage: Stage, before: Before, past: Sequence[Stood]) -> Stood:
    """The clause in one window. `given` are the parameters of its parts, in order; `past` its earlier windows."""
    numpy = library("numpy")
    header = placing.program.header
    if clause.proportion and proportion(stage.window, uncut(header, clause.period, stage.window), clause.proportion) != 1:
        raise Alone(Reason.CUT_WINDOW)
    rows = _rows(placing, clause, stage, before)
    waiting = list(given)
    exact, amount = _evaluated(placing, clause, parts.earn, waiting.pop(0), rows)
    zeroed = numpy.zeros(len(rows.contract), dtype=numpy.int64)
    met = numpy.zeros(len(rows.contract), dtype=numpy.int64)
    if parts.when is not None:
        holds = _evaluated(placing, clause, parts.when, waiting.pop(0), rows)[0].top != 0
        met += numpy.where(holds, HELD, 0)
        zeroed = numpy.where(holds, zeroed, GATED)
        amount, exact = numpy.where(holds, amount, 0), Exact(numpy.where(holds, exact.top, 0), exact.scale, exact.bottom)
    base = None if parts.base is None else _evaluated(placing, clause, parts.base, waiting.pop(0), rows)[0]
    if clause.negative == "zero":
        zeroed = numpy.where(exact.top < 0, NEGATIVE, zeroed)
        amount, exact = numpy.where(exact.top < 0, 0, amount), Exact(numpy.maximum(exact.top, 0), exact.scale, exact.bottom)
    capped = None
    if parts.cap is not None and (window := cap_window(placing.program, clause, clause.bounds[0], stage)) is not None:
        limit = _evaluated(placing, clause, parts.cap, waiting.pop(0), rows)[0]
        exact, amount, capped = _capped(clause, (exact, amount, parts.earn.shape.amount_scale), limit, _used(rows, past, window, len(amount)), window)
    if base is not None and table_of(clause.earn) is not None:
        met += numpy.where(base.top != 0, BASED, 0)
    if base is not None and header.vat and clause.papers.vat == "contract":
        met += numpy.where(amount != 0, EARNED, 0)
    return Stood(clause, stage, rows, exact, amount, parts.earn.shape.amount_scale, base, _documents(placing, clause, rows), zeroed, met, capped)


def _used(rows: Rows, past: Sequence[Stood], window: Period, count: int) -> Ints:
    """What earlier windows inside the cap's came to, for each row."""
    numpy = library("numpy")
    used = numpy.zeros(count, dtype=numpy.int64)
    for item in past:
        if item.stage.window.within(window):
            at = rows.find(item.rows.contract, numbered(item.rows.groups, rows.groups)[item.rows.group])
            numpy.add.at(used, at[at != NOWHERE], item.amount[at != NOWHERE])
    return used


def _capped(clause: Clause, earned: tuple[Exact, Ints, int], limit: Exact, used: Ints, window: Period) -> tuple[Exact, Ints, Capped]:
    """The amounts within a cap, and where it counted."""
    numpy, (exact, amount, places) = library("numpy"), earned
    cap = cap_of((limit.top, limit.scale), (used, places), window)
    scale = max(cap.scale, exact.scale)
    bottom = 1 if exact.bottom is None else exact.bottom
    factors = (10 ** (scale - exact.scale), 10 ** (scale - cap.scale))
    sizes = (int(numpy.abs(exact.top).max(initial=0)) * factors[0], int(cap.left.max(initial=0)) * factors[1] * int(numpy.max(bottom, initial=1)))
    if limit.bottom is not None or max(sizes) >= LARGEST:
        raise Alone(Reason.LONG)
    top, left = exact.top * factors[0], cap.left * factors[1] * bottom
    over = top > left
    found = Exact(numpy.where(over, left, top), scale, exact.bottom)
    return found, numpy.where(over, rounded(cap, over, clause.rounding, places), amount), Capped(over, cap)


def _rows(placing: Placing, clause: Clause, stage: Stage, before: Before) -> Rows:
    """Every contract; with groups, those named in the contract, those with lines in the window, and those posted for it."""
    numpy, grid = library("numpy"), placing.grid
    start, stop = stage.window.start, min(stage.window.end, stage.points[-1])
    if not clause.per:
        every = numpy.arange(grid.contracts, dtype=numpy.int64)
        return Rows(every, numpy.zeros_like(every), ((),), start, stop, every >= 0)
    found = [placing.placed(reading.aggregate, clause.per) for reading in paid_once(placing.program, clause.earn)]
    place = (clause.id, start)
    posted = [tuple(value for _, value in pairs) for pairs in before.groups.get(place, ())]
    others = sorted({group for placed in found for group in placed.groups} | set(posted))
    groups = tuple(dict.fromkeys((*clause.groups, *others)))
    inside, count = placing.inside(start, stop), max(1, len(groups))
    keys = [numpy.arange(grid.contracts)[:, None] * count + numpy.arange(len(dict.fromkeys(clause.groups)))]
    for placed in found:
        own = numbered(placed.groups, groups)[placed.group]
        seen = ((placed.group != NOWHERE) & inside)[grid.sort]
        keys.append(grid.contract[seen] * count + own[grid.sort[seen]])
    read = numpy.unique(numpy.concatenate([each.ravel() for each in keys]).astype(numpy.int64))
    key = read
    if place in before.lines:
        lines = before.lines[place]
        key = numpy.union1d(read, lines.contract * count + numbered(posted, groups)[lines.group])
    return Rows(key // count, key % count, groups, start, stop, numpy.isin(key, read))


def numbered(own: Sequence[Group], groups: Sequence[Group]) -> Ints:
    """The place of each group among `groups`, and -1 at the end."""
    numpy = library("numpy")
    places = {group: place for place, group in enumerate(groups)}
    return numpy.array([*(places.get(group, NOWHERE) for group in own), NOWHERE], dtype=numpy.int64)


def _placed_rows(placing: Placing, aggregate: Any, per: tuple[str, ...], rows: Rows) -> Ints:
    """The row of every cell that the aggregate takes in the rows' window; -1 for all others."""
    numpy, grid = library("numpy"), placing.grid
    placed = placing.placed(aggregate, per)
    taken = (placed.group != NOWHERE) & placing.inside(rows.start, rows.stop)
    group = numpy.where(taken, numbered(placed.groups, rows.groups)[placed.group], NOWHERE)
    return rows.find(grid.contract, group[grid.sort])


def _evaluated(placing: Placing, clause: Clause, part: Part, given: Parameters, rows: Rows) -> tuple[Exact, Ints]:
    """Exact and rounded amount of every row."""
    numpy, shape = library("numpy"), part.shape
    inputs = []
    for aggregate, scale in zip(shape.inputs, shape.input_scale, strict=True):
        at = _placed_rows(placing, aggregate, clause.per, rows)
        inputs.append(added(placing.values(aggregate), at, len(rows.contract), at != NOWHERE, scale))
    own = [_for_rows(column, rows) for column in given]
    found = columns(shape)(inputs, own)
    count = len(rows.contract)
    if shape.sure is not None:
        doubtful = ~numpy.broadcast_to(numpy.asarray(found[shape.sure]).astype(bool), count)
        if doubtful.any():
            raise Alone(Reason.UNDECIDED, frozenset(rows.contract[doubtful].tolist()))
    bottom = None if shape.over is None else _operand(shape.over, found, own, count)
    exact = Exact(_whole(found[shape.exact], count), shape.exact_scale, bottom)
    return exact, _whole(found[shape.amount], count)


def _for_rows(column: Ints, rows: Rows) -> Ints:
    """A parameter for every row; one number where all contracts have the same."""
    return column[:1] if len(column) and (column == column[0]).all() else column[rows.contract]


def _whole(column: Any, count: int) -> Ints:
    """A register as a column of 64 bits."""
    numpy = library("numpy")
    found = numpy.broadcast_to(numpy.asarray(column), count)
    if found.dtype == object:
        if any(not -(2**62) < int(value) < 2**62 for value in found.tolist()):
            raise Alone(Reason.LONG)
        return numpy.array([int(value) for value in found.tolist()], dtype=numpy.int64)
    return found.astype(numpy.int64)


def _operand(operand: Operand, registers: Sequence[Any], parameters: Sequence[Ints], count: int) -> Ints | int:
    if operand.kind == "k":
        return operand.index
    column = registers[operand.index] if operand.kind == "r" else parameters[operand.index]
    return _whole(column, count) * operand.factor


def _documents(placing: Placing, clause: Clause, rows: Rows) -> Ints:
    """How many lines each row read."""
    numpy, grid = library("numpy"), placing.grid
    read = numpy.full(len(grid.sort), NOWHERE, dtype=numpy.int64)
    for reading in read_once(placing.program, clause.earn):
        at = _placed_rows(placing, reading.aggregate, clause.per, rows)
        read = numpy.where(at != NOWHERE, at, read)
    found = numpy.zeros(len(rows.contract), dtype=numpy.int64)
    numpy.add.at(found, read[read != NOWHERE], grid.lines[read != NOWHERE])
    return found
