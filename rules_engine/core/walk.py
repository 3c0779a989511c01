"""Reading core expressions without evaluating them: their unit and what they are made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

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
    match expression:
        case Constant() | Column() | MeasureRef() | ResultOf() | ValueNow():
            return
        case Aggregate():
            yield from (item for item in (expression.item, expression.where) if item is not None)
        case Arithmetic() | Logic() | Time():
            yield from expression.operands
        case Compare():
            yield from (expression.left, expression.right)
        case Round() | Step():
            yield expression.operand
        case Choice():
            for row in expression.rows:
                yield row.value
                if row.when is not None:
                    yield row.when
        case Priced():
            yield expression.base
            if expression.qualify is not None:
                yield expression.qualify
            yield from price_expressions(expression.price)
        case OrderShare(promotion=promotion):
            inner = (promotion.value, promotion.taken, promotion.counts, promotion.gets)
            yield from (item for item in inner if item is not None)
        case _:
            assert_never(expression)


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
        if type(item) not in LEAVES:
            waiting += reversed([*children(item)])
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
