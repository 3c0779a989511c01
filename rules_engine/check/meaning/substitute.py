"""Rebuilding core expressions: a name replaced by what it stands for, a filter pushed into every aggregate."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import assert_never

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
    Priced,
    ResultOf,
    Round,
    Step,
    Time,
    ValueNow,
)

Change = Callable[[Expression], Expression | None]


def rebuilt(expression: Expression, change: Change) -> Expression:
    """The expression with every part that `change` answers for replaced, outermost first; prices stay as they are."""
    changed = change(expression)
    if changed is not None:
        return changed
    match expression:
        case Constant() | Column() | MeasureRef() | ResultOf() | Aggregate() | OrderShare() | ValueNow():
            return expression
        case Arithmetic() | Logic() | Time():
            return replace(expression, operands=tuple(rebuilt(item, change) for item in expression.operands))
        case Compare():
            return replace(expression, left=rebuilt(expression.left, change), right=rebuilt(expression.right, change))
        case Round() | Step():
            return replace(expression, operand=rebuilt(expression.operand, change))
        case Choice():
            rows = tuple(
                replace(row, value=rebuilt(row.value, change), when=rebuilt(row.when, change) if row.when else None)
                for row in expression.rows
            )
            return replace(expression, rows=rows)
        case Priced():
            return replace(expression, base=rebuilt(expression.base, change))
        case _:
            assert_never(expression)


def asked_at(banded: Expression, at: Expression) -> Expression:
    """A banded value with the number it is asked at put in."""

    def change(item: Expression) -> Expression | None:
        return at if isinstance(item, Column) and item.of == "asked" else None

    return rebuilt(banded, change)


def with_class(found: Expression, columns: Mapping[str, Expression]) -> Expression:
    """A value with the columns it is split by put in where its class is asked."""

    def change(item: Expression) -> Expression | None:
        return columns[item.name] if isinstance(item, Column) and item.of == "class" else None

    return rebuilt(found, change)


def without_returns(base: Expression, returns: Collection[str], measures: Callable[[str], Expression]) -> Expression:
    """The base without the returns it takes off; measures are opened to reach their aggregates."""

    def change(item: Expression) -> Expression | None:
        if isinstance(item, Aggregate):
            kept = tuple(source for source in item.sources if source.sign > 0 or source.type not in returns)
            return replace(item, sources=kept)
        if isinstance(item, MeasureRef) and item.shift is None:
            return without_returns(measures(item.name), returns, measures)
        return None

    return rebuilt(base, change)


def restricted(base: Expression, where: Expression, measures: Callable[[str], Expression]) -> Expression:
    """The base over the documents that meet `where` only; measures are opened to reach their aggregates."""

    def change(item: Expression) -> Expression | None:
        if isinstance(item, Aggregate):
            both = where if item.where is None else Logic("and", (item.where, where), item.span)
            return replace(item, where=both)
        if isinstance(item, MeasureRef) and item.shift is None:
            return restricted(measures(item.name), where, measures)
        return None

    return rebuilt(base, change)
