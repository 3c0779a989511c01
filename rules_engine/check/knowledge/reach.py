"""How far a number can go, whatever the documents say, and what that makes of a condition."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import assert_never

from rules_engine.check.knowledge.curves import Unknown, highest, price_curve
from rules_engine.check.knowledge.numbers import PLAIN
from rules_engine.core.expressions import (
    Aggregate,
    Arithmetic,
    Choice,
    Column,
    Compare,
    Constant,
    Expression,
    Logic,
    MeasureRef,
    OrderShare,
    Parts,
    Priced,
    ResultOf,
    Round,
    Step,
    Time,
    ValueNow,
)
from rules_engine.core.program import Clause, ColumnType, Program
from rules_engine.core.walk import walk
from rules_engine.record import dataclass
from rules_engine.values.exact import as_fraction

ZERO = Fraction(0)
EXTREMES = ("min", "max", "average", "latest", "earliest", "time_weighted_average")


@dataclass(frozen=True, slots=True)
class Reach:
    """Every value lies from `low` to `high`, both included; None is without end."""

    low: Fraction | None = None
    high: Fraction | None = None


ANYWHERE = Reach()
FROM_ZERO = Reach(ZERO)


def hull(found: Iterable[Reach]) -> Reach:
    """The reach of one of several."""
    several = list(found)
    lows, highs = [item.low for item in several], [item.high for item in several]
    low = None if not lows or None in lows else min(item for item in lows if item is not None)
    high = None if not highs or None in highs else max(item for item in highs if item is not None)
    return Reach(low, high)


def reach(expression: Expression, program: Program, types: tuple[str, ...] = ()) -> Reach:
    """The reach of a number; `types` are the document types whose columns it reads."""
    match expression:
        case Constant(value=Decimal() as value):
            return Reach(as_fraction(value), as_fraction(value))
        case Column():
            return hull(column_reach(kind) for kind in columns(expression, program, types))
        case Aggregate():
            return aggregate_reach(expression, program)
        case MeasureRef():
            return (
                reach(program.measures[expression.name].expression, program)
                if expression.name in program.measures
                else ANYWHERE
            )
        case Step():
            return reach(expression.operand, program, types)
        case Arithmetic():
            return arithmetic(expression.op, [reach(item, program, types) for item in expression.operands])
        case Choice():
            return hull(reach(row.value, program, types) for row in expression.rows)
        case Priced():
            return priced_reach(expression, program)
        case Constant() | ResultOf() | Round() | Time() | Compare() | Logic() | OrderShare() | ValueNow():
            return ANYWHERE
        case _:
            assert_never(expression)


def columns(column: Column, program: Program, types: tuple[str, ...]) -> list[ColumnType]:
    """The column in every document type that may supply it; an unknown type leaves everything open."""
    if column.of not in ("", "this") or not types:
        return []
    found = [program.types[name].columns.get(column.name) for name in types if name in program.types]
    return [kind for kind in found if kind is not None] if all(found) else []


def column_reach(kind: ColumnType) -> Reach:
    """The declared range."""
    return Reach(*(None if bound is None else as_fraction(bound) for bound in (kind.low, kind.high)))


def aggregate_reach(item: Aggregate, program: Program) -> Reach:
    """Sums of what is not negative and only added are not negative; the others lie where their items lie."""
    kinds = tuple(source.type for source in item.sources)
    only_added = all(source.sign > 0 for source in item.sources)
    if item.op in ("count", "count_distinct"):
        return FROM_ZERO if only_added else ANYWHERE
    if item.item is None:
        return ANYWHERE
    inner = reach(item.item, program, kinds)
    if item.op == "sum":
        return FROM_ZERO if only_added and inner.low is not None and inner.low >= 0 else ANYWHERE
    return inner if item.op in EXTREMES else ANYWHERE


def arithmetic(op: str, parts: list[Reach]) -> Reach:
    """Sums, differences, products, extremes; quotients are left open."""
    first, *rest = parts
    match op:
        case "negate":
            return negated(first)
        case "+":
            return total(parts)
        case "-":
            return total([first, *(negated(item) for item in rest)])
        case "*":
            return product(parts)
        case "min":
            return Reach(hull(parts).low, min((item.high for item in parts if item.high is not None), default=None))
        case "max":
            return Reach(max((item.low for item in parts if item.low is not None), default=None), hull(parts).high)
        case "abs":
            return FROM_ZERO
        case _:
            return ANYWHERE


def negated(item: Reach) -> Reach:
    """The reach of the opposite."""
    return Reach(None if item.high is None else -item.high, None if item.low is None else -item.low)


def total(parts: list[Reach]) -> Reach:
    """The reach of a sum."""
    lows, highs = [item.low for item in parts], [item.high for item in parts]
    low = None if None in lows else sum((item for item in lows if item is not None), ZERO)
    high = None if None in highs else sum((item for item in highs if item is not None), ZERO)
    return Reach(low, high)


def product(parts: list[Reach]) -> Reach:
    """The reach of a product of factors that are not negative; else open."""
    if any(item.low is None or item.low < 0 for item in parts):
        return ANYWHERE
    low, high = Fraction(1), Fraction(1)
    for item in parts:
        low *= item.low or ZERO
        high *= item.high or ZERO
    return Reach(low, None if any(item.high is None for item in parts) else high)


def priced_reach(item: Priced, program: Program) -> Reach:
    """What a price can pay over the reach of its base."""
    base = reach(item.base, program)
    if item.qualify is not None and not isinstance(item.price, Parts):
        return ANYWHERE
    try:
        curve = price_curve(item.price, PLAIN)
    except Unknown:
        return ANYWHERE
    if any(piece.slope < 0 or piece.at(piece.low) < 0 for piece in curve):
        return ANYWHERE
    low = ZERO if base.low is not None and base.low >= 0 else None
    return Reach(low, highest(curve, ZERO, base.high))


def truth(expression: Expression, program: Program, types: tuple[str, ...] = ()) -> bool | None:
    """Whether a condition always or never holds; None where documents decide."""
    match expression:
        case Constant(value=bool() as value):
            return value
        case Compare(op=op, left=Column() as column, right=Constant(value=str() as text)) if op in ("=", "!="):
            return chosen(column, text, program, types, op)
        case Compare():
            return compared(expression.op, reach(expression.left, program, types), reach(expression.right, program, types))
        case Logic():
            return None if expression.op == "at_least" else joined(expression.op, [truth(item, program, types) for item in expression.operands])
        case Step():
            return truth(expression.operand, program, types)
        case _:
            return None


def chosen(column: Column, text: str, program: Program, types: tuple[str, ...], op: str) -> bool | None:
    """A text that a listed column never holds."""
    kinds = columns(column, program, types)
    if not kinds or any(not kind.choices or text in kind.choices for kind in kinds):
        return None
    return op == "!="


def compared(op: str, left: Reach, right: Reach) -> bool | None:
    """A comparison of two reaches."""
    match op:
        case "<":
            return under(left, right, strictly=True)
        case "<=":
            return under(left, right, strictly=False)
        case ">":
            return under(right, left, strictly=True)
        case ">=":
            return under(right, left, strictly=False)
        case _:
            apart = under(left, right, strictly=True) or under(right, left, strictly=True)
            return (op == "!=") if apart else None


def under(left: Reach, right: Reach, strictly: bool) -> bool | None:
    """Whether everything on the left lies under everything on the right, or nothing does."""
    if left.high is not None and right.low is not None and (left.high < right.low or (left.high == right.low and not strictly)):
        return True
    if left.low is not None and right.high is not None and (left.low > right.high or (left.low == right.high and strictly)):
        return False
    return None


def joined(op: str, parts: list[bool | None]) -> bool | None:
    """`and`, `or`, `not` of what is known."""
    if op == "not":
        return None if parts[0] is None else not parts[0]
    settles = op == "or"
    if settles in parts:
        return settles
    return None if None in parts else not settles


def feeding(base: Expression | None, program: Program) -> tuple[str, ...]:
    """The document types that feed a base, through measures too."""
    return tuple(dict.fromkeys(source.type for item in aggregates(base, program) for source in item.sources))


def aggregates(base: Expression | None, program: Program) -> list[Aggregate]:
    """Every aggregate a base reads, through measures too."""
    found: list[Aggregate] = []
    for item in walk(base) if base is not None else ():
        if isinstance(item, Aggregate):
            found.append(item)
        elif isinstance(item, MeasureRef) and item.name in program.measures:
            found += aggregates(program.measures[item.name].expression, program)
    return found


def priced(clause: Clause) -> Priced | None:
    """The one price that is the clause's whole amount; None where it earns in another way."""
    earn = clause.earn
    while isinstance(earn, Step):
        earn = earn.operand
    return earn if isinstance(earn, Priced) else None
