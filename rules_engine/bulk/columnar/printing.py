"""Rows become lines: their table as Arrow columns, without an object per line."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from rules_engine.bulk.columnar.grid import Ints
from rules_engine.bulk.columnar.moving import Moved
from rules_engine.bulk.columnar.placing import Group
from rules_engine.bulk.columnar.reasons import Alone, Reason
from rules_engine.bulk.columnar.shape import common
from rules_engine.bulk.columnar.standing import Exact, Stood
from rules_engine.bulk.columnar.texts import Exacts, exact, half_up, money
from rules_engine.bulk.missing import library, pyarrow
from rules_engine.bulk.tables.columns import LINES, schema
from rules_engine.bulk.tables.keeping import as_json
from rules_engine.core.program import Program
from rules_engine.settlement.entitled.keys import Key
from rules_engine.settlement.lines.ids import base_ids, line_id
from rules_engine.settlement.papers import smallest_unit
from rules_engine.settlement.past.statements import standing
from rules_engine.settlement.subtract import Movement
from rules_engine.settlement.targets import NOTHING
from rules_engine.values.period import Period


@dataclass(frozen=True, slots=True)
class Kind:
    """What all lines of a clause's window and group have in common."""

    stood: Stood
    group: Group
    rate: Decimal | None
    direction: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Printed:
    """The lines of contracts of one shape, by contract, then as a statement lists them. `kind` is a place among `kinds`. Amounts are
    whole numbers of the currency's smallest unit, of `places` decimals; `target` is the `amount` with any VAT on top of it. `over`: a cap counted; `used`: some of it was
    used up before; `cap`: what of it is left, its limit and what is used up, each at ten places and as text where that is not all. `correction`: its window is closed;
    `ids`: the lines posted for it, if any."""

    contract: Ints
    kind: Ints
    kinds: Sequence[Kind]
    amount: Ints
    target: Ints
    posted: Ints
    due: Ints
    net: Ints
    vat: Ints
    places: int
    base: Any
    unrounded: Any
    odd: Any
    documents: Ints
    zeroed: Ints
    over: Ints
    used: Ints
    cap: Sequence[Exacts]
    correction: Ints
    ids: Mapping[int, list[str]]


def printed(program: Program, period: Period, found: Sequence[Moved], until: Ints, taken_ids: Collection[str]) -> Printed:
    """The lines of everything that moves. `until`: the first day, by its number, after all that was posted for each contract."""
    numpy, arrow = library("numpy"), pyarrow()
    kinds, places = _kinds(program, period, found, taken_ids), -int(smallest_unit(program.header.currency).as_tuple().exponent)
    kept = [numpy.flatnonzero(item.due != 0) for item in found]

    def every(column: Callable[[Moved], Ints]) -> Ints:
        return numpy.concatenate([column(item)[at] for item, at in zip(found, kept, strict=True)])

    firsts = numpy.cumsum([0, *(len(item.stood.rows.groups) for item in found)])
    number = numpy.repeat(numpy.arange(len(found)), [len(at) for at in kept])
    contract, code = every(lambda item: item.stood.rows.contract), firsts[number] + every(lambda item: item.stood.rows.group)
    amount, target, posted = every(lambda item: item.stood.amount), every(lambda item: item.target), every(lambda item: item.posted)
    own = (target != 0) & every(lambda item: item.stood.rows.read)
    by_group = numpy.where(own, every(lambda item: item.stood.rows.group), every(lambda item: item.first))
    order = numpy.lexsort((by_group, ~own, target == 0, _rank(program, found)[number], contract))
    taken = arrow.array(order)
    exacts = [_exact(item.stood.exact, at) for item, at in zip(found, kept, strict=True)]
    unrounded, odd = _together(exacts, taken)
    base = arrow.concat_arrays([_base(item.stood, at) for item, at in zip(found, kept, strict=True)]).take(taken)
    ids = [names for item, at in zip(found, kept, strict=True) for names in item.ids_of(at)]
    caps = [_cap(item.stood, at) for item, at in zip(found, kept, strict=True)]
    over, used = (numpy.concatenate([item[place] for item in caps])[order] for place in (0, 1))
    code, target, due = code[order], target[order], every(lambda item: item.due)[order]
    net = _net(target, code, kinds) - every(lambda item: item.net)[order]
    ends = numpy.array([item.stood.stage.window.end.toordinal() for item in found])[number]
    return Printed(
        contract[order], code, kinds, amount[order], target, posted[order], due, net, due - net, places, base, unrounded, odd,
        every(lambda item: item.stood.documents)[order], every(lambda item: item.stood.zeroed)[order],
        over, used, [_together([item[2][place] for item in caps], taken) for place in range(3)],
        (ends <= until[contract])[order], {place: ids[at] for place, at in enumerate(order.tolist()) if ids[at]},
    )  # fmt: skip


def _kinds(program: Program, period: Period, found: Sequence[Moved], taken: Collection[str]) -> list[Kind]:
    """One kind a window and group, with the id its lines have."""
    kinds, moving = list[Kind](), list[Movement]()
    for stood in (item.stood for item in found):
        clause, (rate, direction) = stood.clause, common(program, stood.clause)
        for group in stood.rows.groups:
            pairs = tuple(zip(clause.per, group, strict=True))
            key = Key(clause.id, tuple(sorted(pairs)), stood.stage.window.start, "", rate)
            kinds.append(Kind(stood, group, rate, direction))
            moving.append(Movement(key, pairs, stood.stage.window, direction, NOTHING, standing((), direction), NOTHING, "due"))
    names = [line_id(base_ids([item])[item.key], item, period, {}) for item in moving]
    if len(set(names)) < len(names) or not set(names).isdisjoint(taken):
        raise Alone(Reason.NAMES)
    return [Kind(kind.stood, kind.group, kind.rate, kind.direction, name) for kind, name in zip(kinds, names, strict=True)]


def _rank(program: Program, found: Sequence[Moved]) -> Ints:
    """The place of each clause's window in a statement."""
    numpy = library("numpy")
    order = {name: place for place, name in enumerate(program.order)}
    keys = [(order[item.stood.clause.id], item.stood.stage.window.start) for item in found]
    rank = numpy.empty(len(found), dtype=numpy.int64)
    rank[sorted(range(len(keys)), key=keys.__getitem__)] = numpy.arange(len(found))
    return rank


def _exact(found: Exact, at: Ints) -> Exacts:
    bottom = found.bottom if found.bottom is None or isinstance(found.bottom, int) else found.bottom[at]
    return exact(found.top[at], found.scale, bottom)


def _together(found: Sequence[Exacts], taken: Any) -> Exacts:
    values, odd = (pyarrow().concat_arrays([item[place] for item in found]).take(taken) for place in range(2))
    return values, odd


def _base(stood: Stood, at: Ints) -> Any:
    arrow = pyarrow()
    return arrow.nulls(len(at), arrow.decimal128(38, 10)) if stood.base is None else _exact(stood.base, at)[0]


def _cap(stood: Stood, at: Ints) -> tuple[Ints, Ints, Sequence[Exacts]]:
    """Of some rows: whether a cap counted, whether some of it was used up, and its three amounts."""
    numpy, arrow = library("numpy"), pyarrow()
    if stood.capped is None:
        nothing = numpy.zeros(len(at), dtype=bool)
        return nothing, nothing, [(arrow.nulls(len(at), arrow.decimal128(38, 10)), arrow.nulls(len(at), arrow.string()))] * 3
    cap = stood.capped.cap
    amounts = [exact(units[at], scale, None) for units, scale in ((cap.left, cap.scale), cap.limit, cap.used)]
    return stood.capped.over[at], cap.used[0][at] != 0, amounts


def _net(target: Ints, code: Ints, kinds: Sequence[Kind]) -> Ints:
    """The amounts without their VAT, rounded half up."""
    numpy = library("numpy")
    net = target.copy()
    for rate in {kind.rate for kind in kinds if kind.rate is not None}:
        own = numpy.array([kind.rate == rate for kind in kinds])[code]
        net[own] = half_up(target[own], 1 / (1 + Fraction(rate)))
    return net


def lines_table(found: Printed, ids: Sequence[str], period: str) -> Any:
    """The table of lines; `ids` names the contracts."""
    arrow, compute, count = pyarrow(), library("pyarrow.compute"), len(found.contract)
    correction = arrow.array(found.correction)
    amounts = {"amount": found.due, "net_of_vat": found.net, "vat": found.vat, "target": found.target, "posted": found.posted}
    ids_of = [as_json(tuple(found.ids[place])) if place in found.ids else "[]" for place in range(count)]
    columns = {
        "contract": arrow.array(ids, arrow.string()).take(arrow.array(found.contract)), "period": _same(period, count),
        "base": found.base, "unrounded": found.unrounded, "unrounded_exact": found.odd,
        **{name: money(units, found.places) for name, units in amounts.items()}, "documents": arrow.array(found.documents),
        "payee": _same("", count), "status": compute.if_else(correction, "correction", "due"),
        "corrects": compute.if_else(correction, arrow.array(ids_of, arrow.string()), "[]"), "flags": _same("[]", count),
        **_static(found),
    }  # fmt: skip
    return arrow.table([columns[field.name] for field in schema(LINES)], schema=schema(LINES))


def _static(found: Printed) -> dict[str, Any]:
    """What lines take from their kinds."""
    arrow, at = pyarrow(), pyarrow().array(found.kind)
    kinds, fields = found.kinds, schema(LINES)
    values: dict[str, list[Any]] = {
        "line_id": [kind.id for kind in kinds],
        "clause": [kind.stood.clause.id for kind in kinds],
        "kind": [kind.stood.clause.kind for kind in kinds],
        "group": [as_json(dict(zip(kind.stood.clause.per, kind.group, strict=True))) for kind in kinds],
        "window_from": [kind.stood.stage.window.start for kind in kinds],
        "window_to": [kind.stood.stage.window.last for kind in kinds],
        "direction": [kind.direction for kind in kinds],
        "invoice_by": [kind.stood.clause.papers.invoice_by for kind in kinds],
        "treatment": [kind.stood.clause.papers.treatment for kind in kinds],
        "vat_rate": [kind.rate for kind in kinds],
    }
    return {name: arrow.array(column, fields.field(name).type).take(at) for name, column in values.items()}


def _same(text: str, count: int) -> Any:
    arrow = pyarrow()
    return arrow.repeat(arrow.scalar(text, arrow.string()), count)
