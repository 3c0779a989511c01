"""Ladders against the plainest reading of their definition."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from rules_engine.core.expressions import Band, Constant, Ladder, Part, Parts, Priced
from rules_engine.core.units import Unit
from rules_engine.engine.interpreted.interpreter import Interpreter
from rules_engine.engine.printed.compiler import compile_program
from rules_engine.engine.reading.facts import gather
from tests.unit.engine.building import asking, clause, document, money, no_results, program, total

BASE = total("amount", "fixed_fee")
whole_cents = st.integers(1, 40_000).map(lambda cents: Decimal(cents) / 100)
percents = st.lists(st.integers(0, 3000).map(lambda value: Decimal(value) / 10_000), min_size=3, max_size=3)
limits = st.sets(whole_cents, min_size=2, max_size=2).map(sorted)


def naively(reading: str, includes: str, first: Fraction, second: Fraction, rates: list[Fraction], base: Fraction) -> Fraction:
    """Three bands: up to `first`, up to `second`, above."""
    past = [base > edge if includes == "upper" else base >= edge for edge in (first, second)]
    reached = 1 + sum(past)
    if reading == "marginal":
        low, middle = min(base, first), min(base, second) - min(base, first)
        return low * rates[0] + middle * rates[1] + (base - low - middle) * rates[2]
    if reading == "whole":
        return base * rates[reached - 1]
    if reading == "stacked":
        return base * sum(rates[:reached])
    paid_on = [*[first, second, base][: reached - 1], base]
    return sum((part * rate for part, rate in zip(paid_on, rates, strict=False)), Fraction(0))


@pytest.mark.parametrize("reading", ["marginal", "whole", "stacked", "climbing"])
@pytest.mark.parametrize("includes", ["upper", "lower"])
@given(limits, percents, whole_cents, st.integers(0, 2))
def test_three_bands(reading: str, includes: str, edges: list[Decimal], rates: list[Decimal], amount: Decimal, place: int) -> None:
    base = edges[place] if place < 2 else amount
    first, second = (money(str(edge)) for edge in edges)
    prices = [Parts((Part("rate", Constant(rate, Unit.PERCENT)),)) for rate in rates]
    bands = (Band(None, first, prices[0]), Band(first, second, prices[1]), Band(second, None, prices[2]))
    earn = Priced(BASE, Ladder(reading, includes, bands))
    made = program(clause(earn))
    facts = gather(made, [document("fixed_fee", "1", "2026-03-05", amount=str(base))])
    low, high, whole = Fraction(edges[0]), Fraction(edges[1]), Fraction(base)
    expected = naively(reading, includes, low, high, [Fraction(item) for item in rates], whole)
    for evaluator in (Interpreter(made, facts), compile_program(made).bind(facts)):
        assert evaluator.evaluate(earn, asking(), no_results).value == expected


@given(limits, percents, whole_cents)
def test_sliding_between_two_points(edges: list[Decimal], rates: list[Decimal], base: Decimal) -> None:
    prices = [Parts((Part("rate", Constant(rate, Unit.PERCENT)),)) for rate in rates]
    bands = tuple(Band(money(str(edge)), None, price) for edge, price in zip(edges, prices, strict=False))
    earn = Priced(BASE, Ladder("sliding", "lower", bands))
    made = program(clause(earn))
    facts = gather(made, [document("fixed_fee", "1", "2026-03-05", amount=str(base))])
    low, high, value = (Fraction(item) for item in (*edges, base))
    share = min(max((value - low) / (high - low), Fraction(0)), Fraction(1))
    expected = value * (Fraction(rates[0]) * (1 - share) + Fraction(rates[1]) * share)
    for evaluator in (Interpreter(made, facts), compile_program(made).bind(facts)):
        assert evaluator.evaluate(earn, asking(), no_results).value == expected
