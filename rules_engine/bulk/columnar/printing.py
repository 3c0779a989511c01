"""Rows become lines: the tables of lines and traces as Arrow columns, without an object per line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from rules_engine.bulk.columnar.grid import Ints
from rules_engine.bulk.columnar.placing import Group
from rules_engine.bulk.columnar.reasons import Alone, Reason
from rules_engine.bulk.columnar.standing import Exact, Stood
from rules_engine.bulk.columnar.texts import exact, money, plain, written
from rules_engine.bulk.columns import LINES, TRACE, schema
from rules_engine.bulk.keeping import as_json
from rules_engine.bulk.missing import library, pyarrow
from rules_engine.core.program import Clause, Program
from rules_engine.settlement.ids import base_ids, line_id
from rules_engine.settlement.keys import Key
from rules_engine.settlement.papers import rate_on, smallest_unit
from rules_engine.settlement.statements import standing
from rules_engine.settlement.subtract import Movement, direction_of
from rules_engine.settlement.targets import NOTHING
from rules_engine.values.period import Period

LIMIT = 2**62
STEPS = 3
"""Steps of a line's trace: earned, rounded, due."""


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
    """The lines of contracts of one shape, by contract, then as a statement lists them. `kind` is a place among `kinds`; `due`, `net` and
    `vat` are whole numbers of the currency's smallest unit, of `places` decimals."""

    contract: Ints
    kind: Ints
    kinds: Sequence[Kind]
    due: Ints
    net: Ints
    vat: Ints
    places: int
    base: Any
    unrounded: Any
    odd: Any
    texts: Any
    documents: Ints


def printed(program: Program, period: Period, found: Sequence[Stood]) -> Printed:
    """The lines of everything that comes to anything."""
    numpy, arrow = library("numpy"), pyarrow()
    kinds, codes, places = _kinds(program, period, found), list[Any](), -int(smallest_unit(program.header.currency).as_tuple().exponent)
    kept, first = [], 0
    for stood in found:
        kept.append(numpy.flatnonzero(stood.amount != 0))
        codes.append(first + stood.rows.group[kept[-1]])
        first += len(stood.rows.groups)
        assert stood.places == places
    contract = numpy.concatenate([stood.rows.contract[at] for stood, at in zip(found, kept, strict=True)])
    code = numpy.concatenate(codes)
    order = numpy.lexsort((_rank(program, kinds)[code], contract))
    due = numpy.concatenate([stood.amount[at] for stood, at in zip(found, kept, strict=True)])[order]
    documents = numpy.concatenate([stood.documents[at] for stood, at in zip(found, kept, strict=True)])[order]
    exacts = [_texts(stood.exact, at) for stood, at in zip(found, kept, strict=True)]
    bases = [_base(stood, at) for stood, at in zip(found, kept, strict=True)]
    taken = arrow.array(order)
    unrounded, odd, texts = (arrow.concat_arrays([item[place] for item in exacts]).take(taken) for place in range(3))
    code = code[order]
    net = _net(due, code, kinds)
    return Printed(
        contract[order], code, kinds, due, net, due - net, places, arrow.concat_arrays(bases).take(taken), unrounded, odd, texts, documents
    )


def _kinds(program: Program, period: Period, found: Sequence[Stood]) -> list[Kind]:
    """One kind a window and group, with the id its lines have."""
    kinds, moving = list[Kind](), list[Movement]()
    for stood in found:
        clause = stood.clause
        for group in stood.rows.groups:
            rate = _rate(program, clause)
            pairs = tuple(zip(clause.per, group, strict=True))
            key = Key(clause.id, tuple(sorted(pairs)), stood.stage.window.start, "", rate)
            direction = direction_of(program, key)
            kinds.append(Kind(stood, group, rate, direction))
            moving.append(Movement(key, pairs, stood.stage.window, direction, NOTHING, standing((), direction), NOTHING, "due"))
    names = [line_id(base_ids([item])[item.key], item, period, {}) for item in moving]
    if len(set(names)) < len(names):
        raise Alone(Reason.NAMES)
    return [Kind(kind.stood, kind.group, kind.rate, kind.direction, name) for kind, name in zip(kinds, names, strict=True)]


def _rate(program: Program, clause: Clause) -> Decimal | None:
    """The VAT rate of the clause's lines, where the contract has one for all days."""
    if clause.papers.vat == "contract":
        return rate_on(program.header, program.header.start)
    return clause.papers.vat if isinstance(clause.papers.vat, Decimal) else None


def _rank(program: Program, kinds: Sequence[Kind]) -> Ints:
    """The place of each kind in a statement: by clause, window and group."""
    numpy = library("numpy")
    order = {name: place for place, name in enumerate(program.order)}
    keys = [(order[kind.stood.clause.id], kind.stood.stage.window.start, place) for place, kind in enumerate(kinds)]
    rank = numpy.empty(len(kinds), dtype=numpy.int64)
    rank[sorted(range(len(keys)), key=keys.__getitem__)] = numpy.arange(len(kinds))
    return rank


def _texts(found: Exact, at: Ints) -> tuple[Any, Any, Any]:
    bottom = found.bottom if found.bottom is None or isinstance(found.bottom, int) else found.bottom[at]
    return exact(found.top[at], found.scale, bottom)


def _base(stood: Stood, at: Ints) -> Any:
    arrow = pyarrow()
    return arrow.nulls(len(at), arrow.decimal128(38, 10)) if stood.base is None else _texts(stood.base, at)[0]


def _net(due: Ints, code: Ints, kinds: Sequence[Kind]) -> Ints:
    """The amounts without their VAT, rounded half up."""
    numpy = library("numpy")
    net = due.copy()
    for rate in {kind.rate for kind in kinds if kind.rate is not None}:
        whole = 1 / (1 + Fraction(rate))
        own = numpy.array([kind.rate == rate for kind in kinds])[code]
        amounts = due[own]
        if int(numpy.abs(amounts).max(initial=0)) * 2 * whole.denominator >= LIMIT:
            raise Alone(Reason.LONG)
        sizes = (2 * numpy.abs(amounts) * whole.numerator + whole.denominator) // (2 * whole.denominator)
        net[own] = numpy.where(amounts < 0, -sizes, sizes)
    return net


def lines_table(found: Printed, ids: Sequence[str], period: str) -> Any:
    """The table of lines; `ids` names the contracts."""
    arrow, count = pyarrow(), len(found.contract)
    money_of = {name: money(units, found.places) for name, units in (("amount", found.due), ("net_of_vat", found.net), ("vat", found.vat))}
    columns = {
        "contract": arrow.array(ids, arrow.string()).take(arrow.array(found.contract)), "period": _same(period, count),
        "base": found.base, "unrounded": found.unrounded, "unrounded_exact": found.odd, "target": money_of["amount"],
        "posted": money(found.due * 0, found.places), **money_of, "documents": arrow.array(found.documents),
        "payee": _same("", count), "status": _same("due", count), "corrects": _same("[]", count), "flags": _same("[]", count),
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


def trace_table(found: Printed, lines: Any, ids: Sequence[str]) -> Any:
    """The table of traces: what was earned, what it is rounded to, what is due."""
    arrow, compute, numpy = pyarrow(), library("pyarrow.compute"), library("numpy")
    count, details = len(found.contract), [_rounding(kind.stood.clause) for kind in found.kinds]
    due = plain(found.due, found.places)
    nothing = json.dumps(str(NOTHING))
    target = compute.binary_join_element_wise(f'{{"posted":{nothing},"target":"', written(found.due, found.places), '"}', "")
    taken = arrow.array(numpy.arange(count * STEPS) % STEPS * count + numpy.arange(count * STEPS) // STEPS)
    columns = {
        "contract": arrow.array(ids, arrow.string()).take(arrow.array(numpy.repeat(found.contract, STEPS))),
        "line_id": lines.column("line_id").combine_chunks().take(arrow.array(numpy.repeat(numpy.arange(count), STEPS))),
        "step": arrow.array(numpy.tile(numpy.arange(STEPS), count)),
        "op": arrow.array(["target", "round", "subtract"]).take(arrow.array(numpy.tile(numpy.arange(STEPS), count))),
        "value": arrow.concat_arrays([found.texts, due, due]).take(taken),
        "detail": arrow.concat_arrays([_same("{}", count), arrow.array(details, arrow.string()).take(arrow.array(found.kind)), target]).take(taken),
    }
    return arrow.table([columns[field.name] for field in schema(TRACE)], schema=schema(TRACE))


def _rounding(clause: Clause) -> str:
    return as_json({"to": str(clause.rounding.to), "mode": clause.rounding.mode})


def _same(text: str, count: int) -> Any:
    arrow = pyarrow()
    return arrow.repeat(arrow.scalar(text, arrow.string()), count)

