"""Reasoning about filters: when two cannot both hold."""

from __future__ import annotations

from decimal import Decimal

import pytest

from rules_engine.check.prices.filters import below, disjoint, interval, same_filter, shown, texts
from rules_engine.core.expressions import Column, Compare, Constant, Expression, Logic
from rules_engine.core.units import Unit
from rules_engine.source import Span

HERE = Span("a", 1, 1, 1, 2)
THERE = Span("a", 9, 1, 9, 2)


def category(name: str, span: Span = HERE) -> Expression:
    return Compare("=", Column("category", Unit.TEXT, "", span), Constant(name, Unit.TEXT, span), span)


def quantity(op: str, number: int) -> Expression:
    return Compare(op, Column("quantity", Unit.QUANTITY), Constant(Decimal(number), Unit.QUANTITY))


def any_of(*names: str) -> Expression:
    return Logic("or", tuple(category(name) for name in names))


def both(*parts: Expression) -> Expression:
    return Logic("and", parts)


@pytest.mark.parametrize(
    ("one", "two", "apart"),
    [
        (category("rice"), category("oil"), True),
        (category("rice"), category("rice"), False),
        (any_of("rice", "oil"), category("tea"), True),
        (any_of("rice", "oil"), any_of("oil", "tea"), False),
        (quantity("<", 30), quantity(">=", 30), True),
        (quantity("<=", 30), quantity(">=", 30), False),
        (quantity("<", 30), quantity("<", 40), False),
        (quantity("=", 30), quantity(">", 30), True),
        (both(category("rice"), quantity("<", 30)), both(category("rice"), quantity(">", 30)), True),
        (both(category("rice"), quantity("<", 30)), both(category("oil"), quantity("<", 30)), True),
        (category("rice"), quantity("<", 30), False),
        (category("rice"), None, False),
        (None, None, False),
    ],
)
def test_disjoint(one: Expression | None, two: Expression | None, apart: bool) -> None:
    assert disjoint(one, two) is apart
    assert disjoint(two, one) is apart


def test_what_cannot_be_decided_is_left_to_the_run() -> None:
    odd = Compare("!=", Column("category", Unit.TEXT), Constant("rice", Unit.TEXT))
    assert disjoint(odd, category("rice"))


def test_where_a_filter_stands_does_not_matter() -> None:
    assert same_filter(category("rice", HERE), category("rice", THERE))
    assert not same_filter(category("rice"), category("oil"))
    assert same_filter(None, None)


def test_readings_of_single_conditions() -> None:
    assert texts(any_of("rice", "oil")) == ("category", frozenset({"rice", "oil"}))
    assert texts(quantity("<", 3)) is None
    assert interval(quantity("<", 3)) == ("quantity", None, (Decimal(3), False))
    assert interval(quantity(">=", 3)) == ("quantity", (Decimal(3), True), None)
    assert interval(quantity("!=", 3)) is None


def test_below() -> None:
    assert below((Decimal(3), False), (Decimal(3), True))
    assert not below((Decimal(3), True), (Decimal(3), True))
    assert not below(None, (Decimal(3), True))


def test_a_filter_in_words() -> None:
    assert shown(both(category("rice"), quantity("<", 30)), "en") == "category = rice and quantity < 30"
    assert shown(both(category("大米"), quantity("<", 30)), "zh") == "类目 = 大米 且 数量 < 30"
    assert shown(None, "en") == ""
