"""What an expression reads: its aggregates, through measures, and the part of it that money is paid on."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from rules_engine.core.expressions import (
    Aggregate,
    Arithmetic,
    Choice,
    Column,
    Constant,
    Expression,
    Ladder,
    MeasureRef,
    OrderShare,
    Part,
    Parts,
    Price,
    Priced,
    Round,
    Shift,
    Step,
    ValueNow,
)
from rules_engine.core.program import Program
from rules_engine.core.remembered import once
from rules_engine.core.walk import children, prices, walk
from rules_engine.record import dataclass

ONE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Reading:
    """An aggregate and the window shifts on the way to it, outermost first."""

    aggregate: Aggregate
    shifts: tuple[Shift, ...] = ()


def readings(program: Program, expression: Expression, shifts: tuple[Shift, ...] = ()) -> Iterator[Reading]:
    """Every aggregate the expression reads in window scope, through measures too; each as often as it stands there."""
    match expression:
        case Aggregate():
            yield Reading(expression, shifts)
        case MeasureRef():
            moved = shifts if expression.shift is None else (*shifts, expression.shift)
            yield from readings(program, program.measures[expression.name].expression, moved)
        case _:
            for child in _window_children(expression):
                yield from readings(program, child, shifts)


@once
def read_once(program: Program, expression: Expression) -> tuple[Reading, ...]:
    """The same, each only once."""
    return tuple(dict.fromkeys(readings(program, expression)))


def _window_children(expression: Expression) -> Iterator[Expression]:
    filters = {id(where) for where in row_filters(expression)}
    yield from (child for child in children(expression) if id(child) not in filters)


def row_filters(expression: Expression) -> Iterator[Expression]:
    """The document-scope filters of the tables directly inside."""
    if isinstance(expression, Priced):
        for price in prices(expression.price):
            yield from (row.where for row in getattr(price, "rows", ()) if row.where is not None)


@once
def paying(program: Program, expression: Expression) -> tuple[Aggregate, ...]:
    """The aggregates that money is paid on: bases of prices where there are any, else all that are read unmoved."""
    return tuple(found.aggregate for found in paid(program, expression) if not found.shifts)


@once
def paid_once(program: Program, expression: Expression) -> tuple[Reading, ...]:
    """What money is paid on, the moved ones too, each only once."""
    return tuple(dict.fromkeys(paid(program, expression)))


def paid(program: Program, expression: Expression, shifts: tuple[Shift, ...] = ()) -> Iterator[Reading]:
    """The same with the moved ones, each with its window shifts."""
    match expression:
        case Aggregate():
            yield Reading(expression, shifts)
        case MeasureRef():
            further = shifts if expression.shift is None else (*shifts, expression.shift)
            yield from paid(program, program.measures[expression.name].expression, further)
        case Priced():
            yield from paid(program, expression.base, shifts)
        case Choice():
            for row in expression.rows:
                yield from paid(program, row.value, shifts)
        case _:
            for child in children(expression):
                yield from paid(program, child, shifts)


@once
def linear(program: Program, expression: Expression) -> tuple[tuple[Fraction, Aggregate], ...] | None:
    """The expression as a sum of factors times sums or counts of the asking window; None where it is none."""
    return _terms(program, expression, ONE)


def _terms(program: Program, expression: Expression, factor: Fraction) -> tuple[tuple[Fraction, Aggregate], ...] | None:
    match expression:
        case Aggregate():
            return ((factor, expression),) if expression.op in ("sum", "count") else None
        case MeasureRef() if expression.shift is None:
            return _terms(program, program.measures[expression.name].expression, factor)
        case Step():
            return _terms(program, expression.operand, factor)
        case Arithmetic(op="+" | "-" | "negate"):
            signs = [-factor if expression.op == "negate" or (index and expression.op == "-") else factor for index in range(len(expression.operands))]
            terms = [_terms(program, operand, sign) for operand, sign in zip(expression.operands, signs, strict=True)]
            return None if None in terms else tuple(term for found in terms if found for term in found)
        case Arithmetic(op="*") if len(expression.operands) == 2:
            return _scaled(program, expression.operands, factor)
        case _:
            return None


def _scaled(program: Program, operands: tuple[Expression, ...], factor: Fraction) -> tuple[tuple[Fraction, Aggregate], ...] | None:
    for constant, other in (operands, operands[::-1]):
        if isinstance(constant, Constant) and isinstance(constant.value, Decimal):
            return _terms(program, other, factor * Fraction(constant.value))
    return None


@once
def additive(program: Program, expression: Expression) -> bool:
    """Whether sums carried over from earlier statements are enough to evaluate the expression."""
    inner = [expression, *(program.measures[name].expression for name in _measures(program, expression))]
    return all(
        carried_sum(reading.aggregate) for reading in read_once(program, expression)
    ) and not any(_needs_documents(item) for found in inner for item in walk(found))


def _measures(program: Program, expression: Expression) -> set[str]:
    names: set[str] = set()
    waiting = [expression]
    while waiting:
        for item in walk(waiting.pop()):
            if isinstance(item, MeasureRef) and item.name not in names:
                names.add(item.name)
                waiting.append(program.measures[item.name].expression)
    return names


def carried_sum(aggregate: Aggregate) -> bool:
    """Whether the aggregate is a sum or count that reads nothing but its own documents."""
    inner = [item for part in (aggregate.item, aggregate.where) if part is not None for item in walk(part)]
    linked = any(isinstance(item, Aggregate | OrderShare | ValueNow) or (isinstance(item, Column) and item.of) for item in inner)
    return aggregate.op in ("sum", "count") and not linked and not aggregate.against


def values_read(program: Program, expression: Expression) -> tuple[str, ...]:
    """The changing values that an expression reads, through measures and computed columns too."""
    return _values_read(program, expression) if program.values else ()


@once
def _values_read(program: Program, expression: Expression) -> tuple[str, ...]:
    formulas = {column.name: column.formula for kind in program.types.values() for column in kind.columns.values() if column.formula}
    inner = [expression, *(program.measures[name].expression for name in sorted(_measures(program, expression)))]
    found: dict[str, None] = {}
    for item in (item for root in inner for item in walk(root)):
        formula = formulas.get(item.name) if isinstance(item, Column) else None
        nodes = (item,) if formula is None else tuple(walk(formula))
        found.update({node.name: None for node in nodes if isinstance(node, ValueNow)})
    return tuple(found)


def _needs_documents(expression: Expression) -> bool:
    if isinstance(expression, ValueNow):
        return True
    if not isinstance(expression, Priced):
        return False
    return expression.each is not None or any(_counts_documents(price) or _along(price) for price in prices(expression.price))


def runs_along(expression: Expression) -> bool:
    """Whether a ladder in it is read along a counter, which began before the asking window."""
    return isinstance(expression, Priced) and any(_along(price) for price in prices(expression.price))


def _along(price: Price) -> bool:
    return isinstance(price, Ladder) and bool(price.along)


def _counts_documents(price: Price) -> bool:
    parts: tuple[Part, ...] = price.parts if isinstance(price, Parts) else ()
    return any(part.kind == "per_document" for part in parts)


def unwrapped(expression: Expression) -> Expression:
    """The expression under its labels and roundings."""
    while isinstance(expression, Step | Round):
        expression = expression.operand
    return expression
