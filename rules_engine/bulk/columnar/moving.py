"""Target minus posted, a clause's window at a time: what moves now, and which posted lines it corrects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from rules_engine.bulk.columnar.asking import MOVED, base_is_asked
from rules_engine.bulk.columnar.before import Before
from rules_engine.bulk.columnar.grid import Ints
from rules_engine.bulk.columnar.placing import NOWHERE
from rules_engine.bulk.columnar.reasons import Alone, Reason
from rules_engine.bulk.columnar.shape import common
from rules_engine.bulk.columnar.standing import Stood, numbered
from rules_engine.bulk.columnar.texts import half_up
from rules_engine.bulk.missing import library
from rules_engine.core.program import Program

LAST = 2**62


@dataclass(frozen=True, slots=True)
class Moved:
    """The rows of a clause's window: what each is entitled to, VAT on top of it where prices exclude it, what stands posted, net of VAT too, the place of the first line of it;
    `due` is what moves. `at` and `ids` are the posted lines, by row."""

    stood: Stood
    target: Ints
    posted: Ints
    net: Ints
    first: Ints
    due: Ints
    at: Ints
    ids: Any

    def ids_of(self, rows: Ints) -> list[list[str]]:
        """The ids of the posted lines of some rows."""
        numpy = library("numpy")
        starts, stops = numpy.searchsorted(self.at, rows).tolist(), numpy.searchsorted(self.at, rows, side="right").tolist()
        names = self.ids.to_pylist() if self.ids is not None else []
        return [names[start:stop] for start, stop in zip(starts, stops, strict=True)]


def moved(program: Program, stood: Stood, before: Before) -> Moved:
    """What moves in a clause's window."""
    numpy = library("numpy")
    place, count = (stood.clause.id, stood.stage.window.start), len(stood.rows.contract)
    zeros = numpy.zeros(count, dtype=numpy.int64)
    target = _grossed(program, stood)
    if place not in before.lines:
        return Moved(stood, target, zeros, zeros, zeros + LAST, target, numpy.zeros(0, dtype=numpy.int64), None)
    lines = before.lines[place]
    groups = [tuple(value for _, value in pairs) for pairs in before.groups[place]]
    row = stood.rows.find(lines.contract, numbered(groups, stood.rows.groups)[lines.group])
    if before.ends[place] != stood.stage.window.last or (row == NOWHERE).any():
        raise Alone(Reason.POSTED, frozenset(lines.contract.tolist()))
    posted, net, first = zeros.copy(), zeros.copy(), zeros + LAST
    numpy.add.at(posted, row, lines.amount)
    numpy.add.at(net, row, lines.net)
    numpy.minimum.at(first, row, lines.order)
    order = numpy.argsort(row, kind="stable")
    return Moved(stood, target, posted, net, first, target - posted, row[order], lines.id.take(library("pyarrow").array(order)))


def _grossed(program: Program, stood: Stood) -> Ints:
    """The amounts with VAT on top, rounded half up, where the contract's prices exclude it."""
    rate, header = common(program, stood.clause)[0], program.header
    if rate is None or header.prices_include_vat or stood.clause.papers.vat == "none":
        return stood.amount
    return stood.amount + half_up(stood.amount, Fraction(rate))


def all_moved(program: Program, found: Sequence[Stood], before: Before) -> list[Moved]:
    """What moves in every clause's window; lines posted for any other are the kernel's."""
    places = {(stood.clause.id, stood.stage.window.start) for stood in found}
    left = [contract for place, lines in before.lines.items() if place not in places for contract in lines.contract.tolist()]
    if left:
        raise Alone(Reason.POSTED, frozenset(left))
    return [moved(program, stood, before) for stood in found]


def kinds_of(program: Program, found: Sequence[Moved], contracts: int) -> list[bytes]:
    """By contract, what its rows met: for each clause which combinations of the four bits there are, in whatever window or group."""
    numpy = library("numpy")
    clauses = list(dict.fromkeys(item.stood.clause.id for item in found))
    masks = numpy.zeros((contracts, len(clauses)), dtype=numpy.uint16)
    for item in found:
        moves = 0 if base_is_asked(program, item.stood.clause) else MOVED
        met = item.stood.met + numpy.where(item.due != 0, moves, 0)
        bits = numpy.left_shift(numpy.uint16(1), met.astype(numpy.uint16))
        numpy.bitwise_or.at(masks, (item.stood.rows.contract, clauses.index(item.stood.clause.id)), bits)
    every, at = numpy.unique(masks, return_inverse=True)
    greatest = numpy.array([_greatest(mask) for mask in every.tolist()] or [0], dtype=numpy.uint16)
    return [row.tobytes() for row in greatest[at].reshape(masks.shape)]


def _greatest(mask: int) -> int:
    """The combinations that no other one there holds all of: what meets more asks for all that less does, and more."""
    there = [met for met in range(16) if mask >> met & 1]
    return sum(1 << met for met in there if not any(met != other and met & other == met for other in there))
