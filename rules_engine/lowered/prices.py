"""Lowering prices: parts with floor and cap, tables of conditions, and what a zero base earns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never

from rules_engine.core.expressions import Constant, Ladder, Part, Parts, Price, Priced, Row, Table
from rules_engine.core.units import Unit
from rules_engine.lowered.builder import NOTHING, ONE, Said, Value
from rules_engine.lowered.digits import Refused
from rules_engine.lowered.expressions import Lowering, constant
from rules_engine.lowered.ladders import ladder_value
from rules_engine.lowered.model import Operand, Reason
from rules_engine.lowered.slices import Slice
from rules_engine.record import dataclass

NEVER = Operand("k", 0)


def priced_value(lowering: Lowering, priced: Priced) -> Value:
    """A base times a price; a zero base earns nothing unless an `at zero` price says so."""
    if priced.each is not None:
        raise Refused(Reason.EACH_DOCUMENT)
    base = lowering.value(priced.base)
    qualifier = base if priced.qualify is None else lowering.value(priced.qualify)
    part = Slice(base, qualifier, own=priced.qualify is None)
    paid = price_value(lowering, priced.price, part)
    zero = at_zero(priced.price)
    if zero is None and vanishes(priced.price):
        return paid
    build = lowering.build
    nothing = NOTHING if zero is None else price_value(lowering, zero, part)
    return build.chosen(build.compare("=", base, NOTHING), nothing, paid)


def at_zero(price: Price) -> Price | None:
    """What a zero base earns."""
    match price:
        case Parts():
            return None
        case Ladder():
            return price.at_zero
        case Table():
            if price.at_zero is not None:
                return price.at_zero
            plain = (at_zero(row.price) for row in price.rows if row.where is None and row.when is None)
            return next((found for found in plain if found is not None), None)


def vanishes(price: Price) -> bool:
    """Whether the price of nothing is nothing by itself."""
    match price:
        case Parts():
            return price.floor is None and price.cap is None and all(part.kind in ("rate", "per") for part in price.parts)
        case Ladder():
            return all(vanishes(band.price) for band in price.bands)
        case Table():
            return False


def price_value(lowering: Lowering, price: Price, part: Slice) -> Value:
    """A price applied to a slice."""
    build, before = lowering.build, lowering.build.said
    build.said = Said(price.reading if isinstance(price, Ladder) else type(price).__name__.lower(), price.span, before.of)
    match price:
        case Parts():
            found = parts_value(lowering, price, part)
        case Ladder():
            found = ladder_value(lowering, price, part, price_value, summed)
        case Table():
            found = _table(lowering, price, part)
        case _:
            assert_never(price)
    build.said = before
    return found


def parts_value(lowering: Lowering, parts: Parts, part: Slice) -> Value:
    """The sum of the parts within floor and cap."""
    bounds = [(op, bound) for op, bound in (("max", parts.floor), ("min", parts.cap)) if bound is not None]
    return summed(lowering, parts.parts, part, [lowering.value(item.amount) for item in parts.parts], bounds)


def summed(lowering: Lowering, items: Sequence[Part], part: Slice, amounts: Sequence[Value], bounds: Sequence[tuple[str, Parts]] = ()) -> Value:
    """Parts of given amounts; a negative base pays percent and unit parts with their sign, nothing else, and no floor or cap."""
    build = lowering.build
    found = [_part(lowering, item, part, amount) for item, amount in zip(items, amounts, strict=True)]
    signed = build.sum([value for value, item in zip(found, items, strict=True) if item.kind in ("rate", "per")] or [NOTHING])
    whole = build.sum(found or [NOTHING]) if any(item.kind not in ("rate", "per") for item in items) else signed
    for op, bound in bounds:
        whole = build.extreme(op, (whole, parts_value(lowering, bound, replace(part, above_zero=True))))
    if whole is signed or part.above_zero:
        return whole
    return build.chosen(build.compare("<", part.base, NOTHING), signed, whole)


def _part(lowering: Lowering, item: Part, part: Slice, amount: Value) -> Value:
    build = lowering.build
    match item.kind:
        case "rate":
            return build.product(part.base, amount)
        case "per":
            return build.product(_units(lowering, item, part.base), amount)
        case "lump" | "formula":
            return amount
        case "per_document":
            raise Refused(Reason.PER_DOCUMENT)
        case _:
            raise ValueError(f"unknown part {item.kind}")


def _units(lowering: Lowering, item: Part, base: Value) -> Value:
    """How often the unit price is paid; started and full units count alike below zero."""
    build = lowering.build
    units = base if item.count == 1 else build.divided(base, constant(Constant(item.count, Unit.NUMBER)))
    if item.step == "exact":
        return units
    return build.rounded(units, 1, 0, "up" if item.step == "started" else "down")


@dataclass(frozen=True, slots=True)
class Standing:
    """A row, whether it stands (1 or 0; None: always), and what it comes to."""

    row: Row
    test: Value | None
    value: Value


def _table(lowering: Lowering, table: Table, part: Slice) -> Value:
    """Rows told apart by conditions alone; all of them see the whole slice."""
    if any(row.where is not None for row in table.rows):
        raise Refused(Reason.DOCUMENT_FILTER)
    if any(row.start is not None or row.end is not None for row in table.rows):
        raise Refused(Reason.DATED)
    if lowering.clause.changes == "continue":
        raise Refused(Reason.CHANGES)
    rows = [
        Standing(row, None if row.when is None else lowering.value(row.when), price_value(lowering, row.price, part)) for row in table.rows
    ]
    named, rest = [item for item in rows if not item.row.otherwise], [item for item in rows if item.row.otherwise]
    if not rest:
        return _picked(lowering, table, named, None)
    otherwise = _picked(lowering, table, rest, None)
    return _picked(lowering, table, named, otherwise) if named else otherwise


def _picked(lowering: Lowering, table: Table, rows: list[Standing], otherwise: Value | None) -> Value:
    """What the standing rows come to; where none stands, what the others do, or only the interpreter can say."""
    build = lowering.build
    always = next((item for item in rows if item.test is None), None)
    if len(rows) == 1 and always is not None:
        return always.value
    if table.pick == "all":
        parts = [item.value if item.test is None else build.chosen(item.test, item.value, NOTHING) for item in rows]
        found = build.sum(parts)
        none = otherwise or NOTHING
    else:
        none = otherwise or Value(0, known=0, fixed=True, sure=NEVER)
        found = none
        for item in reversed(rows):
            found = item.value if item.test is None else build.chosen(item.test, item.value, found)
        if table.pick != "first":
            return _alone(lowering, rows, found)
    if always is not None or otherwise is None:
        return found
    standing = build.logic("or", [item.test for item in rows if item.test is not None])
    return build.chosen(standing, found, none)


def _alone(lowering: Lowering, rows: list[Standing], found: Value) -> Value:
    """The one row that stands; two of them are the interpreter's."""
    build = lowering.build
    tests = [ONE if item.test is None else item.test for item in rows]
    if len(tests) < 2:
        return found
    count = build.made("tally", [build.operand(test) for test in tests], 0, None, build.surely(tests))
    single = build.compare("<=", count, ONE)
    return replace(found, sure=build.surely((found, replace(single, sure=build.operand(single)))))
