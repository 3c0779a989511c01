"""Reading core expressions without evaluating them: their unit and what they are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, assert_never

from rules_engine.core.expressions import (
    Aggregate,
    Arithmetic,
    Choice,
    Column,
    Compare,
    Constant,
    Expression,
    Ladder,
    Logic,
    MeasureRef,
    OrderShare,
    Parts,
    Price,
    Priced,
    ResultOf,
    Round,
    Step,
    Table,
    Time,
    ValueNow,
)
from rules_engine.core.units import Unit

LEAVES = frozenset((Constant, Column, MeasureRef, ResultOf, ValueNow))
"""Expressions with nothing inside."""
Inner = Sequence[Expression]


def unit_of(expression: Expression) -> Unit:
    """What the expression's value counts."""
    match expression:
        case Compare() | Logic():
            return Unit.YES_NO
        case ResultOf():
            return Unit.MONEY
        case Time():
            return expression.result
        case Step():
            return unit_of(expression.operand)
        case Constant() | Column() | Aggregate() | MeasureRef() | Arithmetic() | Round() | Choice() | Priced() | OrderShare() | ValueNow():
            return expression.unit
        case _:
            assert_never(expression)


def children(expression: Expression) -> Iterator[Expression]:
    """The expressions directly inside, prices included, in reading order."""
    return iter(INSIDE[type(expression)](expression))


def _of_aggregate(node: Aggregate) -> Inner:
    if node.where is None:
        return () if node.item is None else (node.item,)
    return (node.where,) if node.item is None else (node.item, node.where)


def _of_choice(node: Choice) -> Inner:
    return [each for row in node.rows for each in ((row.value,) if row.when is None else (row.value, row.when))]


def _of_priced(node: Priced) -> Inner:
    return [node.base, *(() if node.qualify is None else (node.qualify,)), *price_expressions(node.price)]


def _of_order(node: OrderShare) -> Inner:
    promotion = node.promotion
    return [item for item in (promotion.value, promotion.taken, promotion.counts, promotion.gets) if item is not None]


INSIDE: dict[type, Callable[[Any], Inner]] = {
    **dict.fromkeys(LEAVES, lambda _: ()),
    **dict.fromkeys((Arithmetic, Logic, Time), lambda node: node.operands),
    **dict.fromkeys((Round, Step), lambda node: (node.operand,)),
    Compare: lambda node: (node.left, node.right),
    Aggregate: _of_aggregate,
    Choice: _of_choice,
    Priced: _of_priced,
    OrderShare: _of_order,
}
"""What reads the inside of each kind of expression; every kind has its line."""


def price_expressions(price: Price) -> Iterator[Expression]:
    """The expressions inside a price, in reading order."""
    match price:
        case Parts():
            yield from (part.amount for part in price.parts)
            for bound in (price.floor, price.cap):
                if bound is not None:
                    yield from price_expressions(bound)
        case Ladder():
            for band in price.bands:
                yield from (bound for bound in (band.lower, band.upper) if bound is not None)
                yield from price_expressions(band.price)
            if price.at_zero is not None:
                yield from price_expressions(price.at_zero)
        case Table():
            for row in price.rows:
                yield from price_expressions(row.price)
                yield from (item for item in (row.where, row.when) if item is not None)
            if price.at_zero is not None:
                yield from price_expressions(price.at_zero)
        case _:
            assert_never(price)


def walk(expression: Expression) -> Iterator[Expression]:
    """The expression and everything inside it, outermost first."""
    found, waiting = [], [expression]
    while waiting:
        item = waiting.pop()
        found.append(item)
        kind = type(item)
        if kind not in LEAVES:
            waiting += INSIDE[kind](item)[::-1]
    return iter(found)


def prices(price: Price) -> Iterator[Price]:
    """The price and every price inside it, outermost first."""
    yield price
    match price:
        case Parts():
            inner: tuple[Price | None, ...] = (price.floor, price.cap)
        case Ladder():
            inner = (*(band.price for band in price.bands), price.at_zero)
        case Table():
            inner = (*(row.price for row in price.rows), price.at_zero)
        case _:
            assert_never(price)
    for item in inner:
        if item is not None:
            yield from prices(item)
