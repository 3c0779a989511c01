"""Whatever is told of generated ladders and guarantees, the engine pays."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given, settings, strategies as st

from rules_engine.check.knowledge.cliffs import cliffs
from rules_engine.check.knowledge.curves import value
from rules_engine.check.knowledge.guarantees import CENT, break_even, due
from rules_engine.check.knowledge.ladders import Drawn, drawn
from rules_engine.check.knowledge.numbers import cents
from rules_engine.check.knowledge.tiers import saturated
from rules_engine.core.program import Program
from tests.unit.check.checking import program
from tests.unit.check.knowledge.noting import paid

RATES = st.sampled_from(("none", "0.5%", "1%", "2.5%", "3.125%", "10%", "1.5% at least 7", "4% at most 9", "2% plus 3"))
BOUNDS = st.lists(st.sampled_from(("50", "120.50", "300", "777.77", "1,000", "2,500")), min_size=1, max_size=4, unique=True)
READINGS = st.sampled_from(("whole", "whole", "stacked", "marginal", "climbing"))


@st.composite
def ladders(draw: Any) -> str:
    bounds = sorted(draw(BOUNDS), key=lambda text: Decimal(text.replace(",", "")))
    reading = draw(READINGS)
    low, high = draw(st.sampled_from((("up to", "over"), ("below", "from"))))
    prices = [draw(RATES) for _ in (*bounds, "")]
    written = [f"{low} {bounds[0]} {prices[0]}"] + [
        f"{high} {bound} {price}" for bound, price in zip(bounds, prices[1:], strict=True)
    ]
    cap = f"  at most {draw(st.sampled_from(('12', '60')))} in each year\n" if draw(st.booleans()) else ""
    return f"rebate r\n  on sum of paid over sales\n  period year, on account monthly\n{cap}  tiers {reading}\n" + "".join(
        f"    {band}\n" for band in written
    )


def only_ladder(text: str) -> tuple[Program, Drawn]:
    made = program(text)
    (found,) = drawn(made)
    return made, found


@settings(max_examples=60, deadline=None)
@given(ladders(), st.integers(1, 400_000))
def test_the_curve_is_what_the_engine_pays(text: str, base: int) -> None:
    made, found = only_ladder(text)
    lows = [piece.low for piece in found.bounded if piece.low * 100 % 1 == 0]
    bases = {Fraction(base, 100), *lows, *(low + CENT for low in lows), *(low - CENT for low in lows)}
    for at in sorted(item for item in bases if item > 0):
        assert paid(made, "r", at) == cents(value(found.bounded, at)), (text, at)


@settings(max_examples=60, deadline=None)
@given(ladders())
def test_every_leap_and_every_way_back(text: str) -> None:
    made, found = only_ladder(text)
    for item in cliffs(found.bounded, found.step):
        assert paid(made, "r", item.before) == cents(item.amount_before)
        assert paid(made, "r", item.after) == cents(item.amount_after)
        if not item.falls:
            continue
        if item.back is None:
            assert paid(made, "r", Fraction(10**7)) <= cents(item.amount_before)
            continue
        assert paid(made, "r", item.back) >= cents(item.amount_before)
        assert value(found.bounded, max(item.after, item.back - CENT)) < item.amount_before


@settings(max_examples=60, deadline=None)
@given(ladders(), st.sampled_from(("12", "60")))
def test_from_where_the_cap_is_reached_nothing_else_counts(text: str, most: str) -> None:
    made, found = only_ladder(re.sub("  at most .*\n", "", text).replace("  tiers", f"  at most {most} in each year\n  tiers"))
    at = saturated(found.curve, Fraction(most))
    bases = [Fraction(10**7)] if at is None else [-(-at // CENT) * CENT + CENT, at // CENT * CENT + 500, Fraction(10**7)]
    amounts = [paid(made, "r", base) for base in bases]
    assert (at is not None) == (amounts[-1] == Decimal(most))
    assert at is None or set(amounts) == {Decimal(most)}


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 60), st.integers(100, 90_000), st.integers(50, 160))
def test_a_guarantee_lacks_what_the_note_says(rate: int, cost: int, percent_of_cost: int) -> None:
    made = program(
        f"margin protection g\n  revenue net_sales\n  cost cost_of_sales\n  rate {rate}%\n  per contract\n  period month\n"
    )
    share, spent = Fraction(rate, 100), Fraction(cost)
    price = Fraction(cost * percent_of_cost, 100)
    assert paid(made, "g", price, spent) == cents(due(price, spent, share))
    needed = -(-break_even(spent, share) // CENT) * CENT
    assert paid(made, "g", needed, spent) == 0
    assert due(needed - CENT, spent, share) > 0
