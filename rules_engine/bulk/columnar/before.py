"""What earlier batches posted, as columns: by contract, clause, window and group what stands, net of VAT and which lines."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rules_engine.bulk.columnar.grid import Ints
from rules_engine.bulk.columnar.reasons import Alone, Reason
from rules_engine.bulk.columnar.shape import common
from rules_engine.bulk.columnar.texts import units_of
from rules_engine.bulk.missing import library, pyarrow
from rules_engine.bulk.tables.columns import LINES, POSTED
from rules_engine.bulk.tables.earlier import Posted
from rules_engine.bulk.tables.keeping import PENDING
from rules_engine.core.program import Program
from rules_engine.diagnostics.model import ContractError
from rules_engine.settlement.papers import smallest_unit
from rules_engine.settlement.past.posted import read_statement
from rules_engine.settlement.past.statements import PostedStatement
from rules_engine.values.exact import scaled

Place = tuple[str, date]
"""A clause and the first day of a window."""
COLUMNS = (
    "contract", "line_id", "clause", "kind", "group", "window_from", "window_to", "payee", "direction", "posted", "amount", "net_of_vat", "vat", "vat_rate", "flags",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lines:
    """The posted lines of one clause and window, in the order they were posted: contract, group, and amounts as whole numbers of the
    currency's smallest unit."""

    contract: Ints
    group: Ints
    amount: Ints
    net: Ints
    order: Ints
    id: Any


@dataclass(frozen=True, slots=True)
class Before:
    """What stands posted for contracts of one shape: their statements without lines, the lines by place, the groups lines are of, and
    the last day of each window."""

    statements: Sequence[Sequence[PostedStatement]]
    lines: Mapping[Place, Lines] = field(default_factory=dict)
    groups: Mapping[Place, Sequence[tuple[tuple[str, str], ...]]] = field(default_factory=dict)
    ends: Mapping[Place, date] = field(default_factory=dict)
    ids: frozenset[str] = frozenset()


def before_of(posted: Posted, ids: Sequence[str], program: Program) -> Before:
    """What was posted for the contracts with these ids; raises `Alone` for those whose statements columns do not serve."""
    arrow, compute, numpy = pyarrow(), library("pyarrow.compute"), library("numpy")
    names = arrow.array(list(ids), arrow.string())
    found: list[tuple[date, dict[int, PostedStatement], Any]] = []
    for table in posted.tables:
        own = {contract: _read(text, contract) for contract, text in _texts(table.rows(POSTED), names)}
        if not own:
            continue
        start = next(iter(own.values())).period.start
        wrong = [contract for contract, statement in own.items() if statement.period.start != start]
        if wrong:
            raise Alone(Reason.POSTED, frozenset(wrong))
        lines = table.rows(LINES).select((*COLUMNS, "status"))
        mine = compute.and_(compute.is_in(lines.column("contract"), names), compute.not_equal(lines.column("status"), PENDING))
        found.append((start, own, lines.filter(mine)))
    found.sort(key=lambda item: item[0])
    statements = [[own[place] for _, own, _ in found if place in own] for place in range(len(ids))]
    if not found:
        return Before(statements)
    lines = arrow.concat_tables([table for _, _, table in found]).combine_chunks()
    contract = compute.index_in(lines.column("contract"), names).to_numpy().astype(numpy.int64)
    which = numpy.repeat(numpy.arange(len(found)), [table.num_rows for _, _, table in found])
    _plain(lines, contract)
    places = -int(smallest_unit(program.header.currency).as_tuple().exponent)
    amounts = {name: units_of(lines.column(name), places) for name in ("amount", "net_of_vat", "vat", "posted")}
    if any(units is None for units in amounts.values()):
        raise Alone(Reason.LONG)
    _proven([own for _, own, _ in found], lines, (contract, which), amounts, places)
    return _placed(statements, lines, contract, amounts, program)


def _texts(table: Any, names: Any) -> list[tuple[int, str]]:
    compute = library("pyarrow.compute")
    places = compute.index_in(table.column("contract"), names).to_pylist()
    return [(place, text) for place, text in zip(places, table.column("statement").to_pylist(), strict=True) if place is not None]


def _read(text: str, contract: int) -> PostedStatement:
    """The statement without its lines; one that says more than lines in totals is the kernel's."""
    rest = json.loads(text)
    if "titles" not in rest or any(rest.get(name) for name in ("pending", "payees", "goods", "accrual", "book", "odd")):
        raise Alone(Reason.POSTED, frozenset((contract,)))
    rest["lines"], rest["receipt"]["carried_measures"] = [], []
    try:
        return read_statement(rest)
    except ContractError as error:
        raise Alone(Reason.POSTED, frozenset((contract,))) from error


def _plain(lines: Any, contract: Ints) -> None:
    """Lines made by hand, agreed on or of payees are the kernel's."""
    compute = library("pyarrow.compute")
    odd = compute.or_(compute.not_equal(lines.column("flags"), "[]"), compute.not_equal(lines.column("payee"), ""))
    odd = compute.or_(odd, compute.equal(lines.column("kind"), "adjustment"))
    wrong = contract[odd.to_numpy(zero_copy_only=False)]
    if len(wrong):
        raise Alone(Reason.POSTED, frozenset(wrong.tolist()))


def _placed(
    statements: Sequence[Sequence[PostedStatement]], lines: Any, contract: Ints, amounts: Mapping[str, Ints], program: Program
) -> Before:
    numpy = library("numpy")
    kinds = [lines.column(name).combine_chunks().dictionary_encode() for name in ("clause", "group", "window_from", "window_to", "direction", "vat_rate")]
    code = numpy.zeros(len(contract), dtype=numpy.int64)
    for kind in kinds:
        code = code * (len(kind.dictionary) + 1) + kind.indices.fill_null(len(kind.dictionary)).to_numpy().astype(numpy.int64)
    _, first, kind = numpy.unique(code, return_index=True, return_inverse=True)
    own = _Kinds(program)
    told = [own.add(*(column[int(at)].as_py() for column in kinds)) for at in first.tolist()]
    wrong = numpy.array([item is None for item in told])[kind]
    if wrong.any():
        raise Alone(Reason.POSTED, frozenset(contract[wrong].tolist()))
    return own.found(statements, lines, contract, kind, [item for item in told if item is not None], amounts)


class _Kinds:
    """The clauses, windows and groups of posted lines."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.groups: dict[Place, dict[tuple[tuple[str, str], ...], int]] = {}
        self.ends: dict[Place, date] = {}

    def add(self, clause: str, group: str, start: date, last: date, direction: str, rate: Any) -> tuple[Place, int, str, Any] | None:
        """Where lines of a kind belong; None where the contract has no such clause, or the window ended on another day."""
        known, columns = self.program.clauses.get(clause), json.loads(group)
        if known is None or set(columns) != set(known.per) or self.ends.setdefault((clause, start), last) != last:
            return None
        pairs = tuple((name, columns[name]) for name in known.per)
        return (clause, start), self.groups.setdefault((clause, start), {}).setdefault(pairs, len(self.groups[clause, start])), direction, rate

    def found(
        self, statements: Sequence[Sequence[PostedStatement]], lines: Any, contract: Ints, kind: Ints, told: Sequence[tuple[Place, int, str, Any]],
        amounts: Mapping[str, Ints],
    ) -> Before:  # fmt: skip
        """All of it by place."""
        numpy = library("numpy")
        for (clause, _), _, direction, rate in told:
            if common(self.program, self.program.clauses[clause]) != (rate, direction):
                wrong = numpy.array([item[0][0] == clause and (item[3], item[2]) == (rate, direction) for item in told])[kind]
                raise Alone(Reason.POSTED, frozenset(contract[wrong].tolist()))
        numbers = {place: number for number, place in enumerate(self.groups)}
        at, group = numpy.array([numbers[item[0]] for item in told])[kind], numpy.array([item[1] for item in told])[kind]
        order, by_place = numpy.arange(len(contract)), {}
        ids = lines.column("line_id").combine_chunks()
        for place, number in numbers.items():
            own = numpy.flatnonzero(at == number)
            by_place[place] = Lines(contract[own], group[own], amounts["amount"][own], amounts["net_of_vat"][own], order[own], ids.take(pyarrow().array(own)))
        _chained(by_place, amounts["posted"])
        groups = {place: tuple(found) for place, found in self.groups.items()}
        return Before(statements, by_place, groups, self.ends, frozenset(library("pyarrow.compute").unique(ids).to_pylist()))


def _proven(
    statements: Sequence[Mapping[int, PostedStatement]], lines: Any, at: tuple[Ints, Ints], amounts: Mapping[str, Ints], places: int
) -> None:
    """Each line is its net and its VAT, and the lines of a statement move what it moved; if not, the kernel tells."""
    numpy, (contract, which) = library("numpy"), at
    wrong = set(contract[amounts["net_of_vat"] + amounts["vat"] != amounts["amount"]].tolist())
    payable = library("pyarrow.compute").equal(lines.column("direction"), "payable").to_numpy(zero_copy_only=False)
    net = numpy.zeros((len(statements), int(max((place for own in statements for place in own), default=0)) + 1), dtype=numpy.int64)
    numpy.add.at(net, (which, contract), numpy.where(payable, amounts["amount"], -amounts["amount"]))
    for own, units in zip(statements, net.tolist(), strict=True):
        for place, item in own.items():
            if item.payout + item.carried_out + item.written_off - item.carried_in != scaled(units[place], places):
                wrong.add(place)
    if wrong:
        raise Alone(Reason.POSTED, frozenset(wrong))


def _chained(lines: Mapping[Place, Lines], posted: Ints) -> None:
    """Every line says what was posted before it; if not, the kernel tells which statement is missing."""
    numpy = library("numpy")
    for own in lines.values():
        sort = numpy.lexsort((own.order, own.group, own.contract))
        key = own.contract[sort] * (int(own.group.max(initial=0)) + 1) + own.group[sort]
        running = numpy.cumsum(own.amount[sort])
        first = numpy.concatenate([[True], key[1:] != key[:-1]]) if len(key) else numpy.zeros(0, dtype=bool)
        base = numpy.maximum.accumulate(numpy.where(first, numpy.arange(len(key)), 0)) if len(key) else first
        start = running[base] - own.amount[sort][base] if len(key) else running
        wrong = own.contract[sort][running - own.amount[sort] - start != posted[own.order[sort]]]
        if len(wrong):
            raise Alone(Reason.POSTED, frozenset(wrong.tolist()))

