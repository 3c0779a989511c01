"""Contracts of one shape settled at once: the tables a batch leaves of them, and the contracts the kernel must settle after all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rules_engine.bulk.columnar.before import Before, before_of
from rules_engine.bulk.columnar.carrying import Carry, carried_table, plan_of
from rules_engine.bulk.columnar.closing import Asked, closings, totals_table
from rules_engine.bulk.columnar.grid import Grid, Ints, grid_of
from rules_engine.bulk.columnar.moving import all_moved, kinds_of
from rules_engine.bulk.columnar.past import pasts
from rules_engine.bulk.columnar.placing import Placing
from rules_engine.bulk.columnar.printing import Printed, lines_table, printed
from rules_engine.bulk.columnar.reasons import Alone, Reason
from rules_engine.bulk.columnar.rows import OfRow, by_rows
from rules_engine.bulk.columnar.shape import Card, clause_parts
from rules_engine.bulk.columnar.standing import Stood, stood
from rules_engine.bulk.columnar.tracing import trace_table
from rules_engine.bulk.measures.needs import Needs
from rules_engine.bulk.missing import library, pyarrow
from rules_engine.bulk.tables.columns import CARRIED, EXCEPTIONS, LINES, POSTED, TABLES, TOTALS, TRACE, schema
from rules_engine.bulk.tables.earlier import Posted
from rules_engine.bulk.tables.entries import Entries
from rules_engine.core.program import Program
from rules_engine.engine.reading.facts import Facts
from rules_engine.settlement.schedule import stages

Judge = Callable[[str], Entries | None]
"""Settles one contract by the kernel, all of it; None where something else than rows came of it."""
Kinds = dict[tuple[str, bytes], tuple[Carry, ...] | None]
"""By shape, period and marks, the series that statements carry; None where the kernel did not agree."""


@dataclass(frozen=True, slots=True)
class Member:
    """A contract to be settled: its number among the batch's, its id and card, and how many lines of it were read."""

    number: int
    id: str
    card: Card
    read: int


@dataclass(slots=True)
class Columns:
    """What came of it: tables by name, the ids settled, and why the others were not."""

    tables: dict[str, list[Any]] = field(default_factory=lambda: {name: [] for name in TABLES})
    settled: list[str] = field(default_factory=list)
    alone: dict[str, Reason] = field(default_factory=dict)


def settle_together(members: Sequence[Member], program: Program, needs: Needs, table: Any, asked: Asked, posted: Posted, judge: Judge, kinds: Kinds) -> Columns:
    """Settle contracts of one shape and equal needs; `program` is that of one of them at the period's end, `table` holds their cells."""
    left, found = list(members), Columns()
    while left:
        try:
            own = replace(asked, cards=[item.card for item in left], read=[item.read for item in left])
            _settled(left, program, needs, table, own, posted, judge, kinds, found)
        except Alone as stop:
            out = {left[place].id for place in stop.contracts} or {item.id for item in left}
            found.alone |= dict.fromkeys(out, stop.reason)
            left = [item for item in left if item.id not in out]
            continue
        break
    return found


def _settled(
    members: Sequence[Member], program: Program, needs: Needs, table: Any, asked: Asked, posted: Posted, judge: Judge, kinds: Kinds, found: Columns
) -> None:
    numpy = library("numpy")
    grid = grid_of(table, [item.number for item in members], program, needs)
    seen = numpy.bincount(grid.contract, minlength=grid.contracts) > 0
    if not seen.any():
        raise Alone(Reason.NO_DOCUMENTS)
    ids = [item.id for item in members]
    before = before_of(posted, ids, program)
    asked = replace(asked, past=pasts(asked, before, grid, needs))
    placing = Placing(program, needs, grid, _of_rows(program))
    stand = list(_stood(placing, asked, before))
    if not stand:
        raise Alone(Reason.CLAUSE)
    moving = all_moved(program, stand, before)
    until = numpy.array([past.settled_until.toordinal() for past in asked.past])
    lines = printed(program, asked.period, moving, until, before.ids)
    tables = _tables(lines, grid, asked, ids)
    packed = [own + bytes([since > 1, has]) for own, since, has in zip(kinds_of(program, moving, grid.contracts), until.tolist(), seen.tolist(), strict=True)]
    _judged(members, placing, asked, packed, tables, judge, kinds, found)


def _of_rows(program: Program) -> Mapping[str, OfRow]:
    made: dict[str, OfRow] = {}
    for clause in program.clauses.values():
        by_rows(program, clause.earn, made)
    return made


def _stood(placing: Placing, asked: Asked, before: Before) -> Iterator[Stood]:
    facts = Facts(asked.program, ())
    for place, name in enumerate(asked.program.order):
        clause = asked.program.clauses[name]
        place = list(asked.program.clauses).index(name)  # noqa: PLW2901 - parameters stand in the order of clauses
        parts = clause_parts(asked.program, clause)
        given = [_parameters([card.parameters[place][part] for card in asked.cards]) for part in range(len(asked.cards[0].parameters[place]))]
        past: list[Stood] = []
        for stage in stages(asked.program, clause, asked.period.end, facts):
            if stage.points:
                past.append(stood(placing, clause, parts, given, stage, before, past))
        yield from past


def _parameters(rows: Sequence[Sequence[int]]) -> list[Ints]:
    numpy = library("numpy")
    columns = list(zip(*rows, strict=True))
    return [numpy.array(column, dtype=numpy.int64 if all(-(2**62) < each < 2**62 for each in column) else object) for column in columns]


def _tables(lines: Printed, grid: Grid, asked: Asked, ids: Sequence[str]) -> dict[str, Any]:
    arrow = pyarrow()
    of_lines = lines_table(lines, ids, asked.written)
    closed = list(closings(asked, lines, grid))
    posted = list(zip(*(row for _, row in closed), strict=True))
    return {
        LINES: of_lines,
        TRACE: trace_table(lines, of_lines, ids),
        TOTALS: totals_table([row for row, _ in closed]),
        POSTED: arrow.table([arrow.array(column, arrow.string()) for column in posted], schema=schema(POSTED)),
    }


def _judged(
    members: Sequence[Member], placing: Placing, asked: Asked, packed: Sequence[bytes], tables: dict[str, Any], judge: Judge, kinds: Kinds, found: Columns
) -> None:
    """Let the kernel settle one contract of each kind; what it carries is carried for all of the kind, and all go back to it if
    anything differs."""
    numpy, arrow, compute = library("numpy"), pyarrow(), library("pyarrow.compute")
    names = [item.card.tables for item in members]
    by_kind: dict[bytes, list[int]] = {}
    for place, mark in enumerate(packed):
        by_kind.setdefault(mark, []).append(place)
    by_plan: dict[tuple[Carry, ...], list[int]] = {}
    for mark, places in by_kind.items():
        key = (f"{members[0].card.shape} {asked.written} {asked.as_of}", mark)
        if key not in kinds:
            kinds[key] = _plan(members[places[0]], placing, asked, places[0], names, tables, judge)
        plan = kinds[key]
        if plan is None:
            found.alone |= {members[place].id: Reason.AGREEMENT for place in places}
        else:
            by_plan.setdefault(plan, []).extend(places)
    agreed = [place for places in by_plan.values() for place in places]
    ids = [item.id for item in members]
    found.tables[CARRIED] += [carried_table(placing, asked.period, plan, numpy.array(sorted(places)), ids, names) for plan, places in by_plan.items()]
    kept = arrow.array([members[place].id for place in sorted(agreed)], arrow.string())
    found.settled += kept.to_pylist()
    for name, table in tables.items():
        whole = len(agreed) == len(members)
        found.tables[name].append(table if whole else table.filter(compute.is_in(table.column("contract"), kept)))
    found.tables[EXCEPTIONS] = []


def _plan(
    member: Member, placing: Placing, asked: Asked, place: int, names: Sequence[Sequence[str]], tables: dict[str, Any], judge: Judge
) -> tuple[Carry, ...] | None:
    numpy, compute = library("numpy"), library("pyarrow.compute")
    entries = judge(member.id)
    if entries is None or entries.rows[EXCEPTIONS]:
        return None
    try:
        plan = plan_of(sorted({str(row[1]).partition("#")[0] for row in entries.rows[CARRIED]}), names[place])
        carried = carried_table(placing, asked.period, plan, numpy.array([place]), _ids(place, member.id), names)
    except Alone:
        return None
    own = {name: table.filter(compute.equal(table.column("contract"), member.id)) for name, table in tables.items()} | {CARRIED: carried}
    for name, table in own.items():
        rows = list(zip(*(column.to_pylist() for column in table.columns), strict=True))
        if rows != entries.rows[name]:
            return None
    return plan


def _ids(place: int, name: str) -> list[str]:
    """A list in which only one place matters."""
    return [""] * place + [name]
