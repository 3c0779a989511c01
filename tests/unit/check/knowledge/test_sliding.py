"""Sliding ladders whose rate falls too fast, by hand and against the engine."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import assume, given, settings, strategies as st

from rules_engine.check.knowledge.ladders import ladders
from rules_engine.check.knowledge.numbers import PLAIN, cents
from rules_engine.check.knowledge.reach import priced
from rules_engine.check.knowledge.sliding import points, slopes
from tests.unit.check.checking import program
from tests.unit.check.knowledge.noting import codes, paid, why

SLIDING = "rebate s\n  on sum of paid over sales\n  period year, on account monthly\n  tiers sliding\n"


def test_the_top_and_the_way_back() -> None:
    """x (3% - 2% (x - 1,000) / 1,000) is largest at 1,250: 31.25; at 2,000 it is 20; 31.25 at 1% is 3,125."""
    text = SLIDING + "    at 1,000 3%\n    at 2,000 1%\n"
    assert why(text, "SN1002").splitlines() == [
        "between 1,250.00 and 2,000.00 of paid more pays less: `s` falls from 31.25 to 20.00.",
        "From 3,125.00 on 31.25 is paid again.",
    ]


def test_a_slow_fall_never_lowers_the_amount() -> None:
    """3% to 2.5% between 1,000 and 2,000: the amount grows all the way."""
    assert codes(SLIDING + "    at 1,000 3%\n    at 2,000 2.5%\n") == []
    assert codes(SLIDING + "    at 1,000 1%\n    at 2,000 3%\n") == []


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 80), min_size=2, max_size=4))
def test_the_engine_confirms(tenths: list[int]) -> None:
    text = SLIDING + "".join(f"    at {1000 * place} {rate / 10}%\n" for place, rate in enumerate(tenths, start=1))
    made = program(text)
    found = priced(made.clauses["s"])
    assert found is not None
    (ladder,) = ladders(found.price)
    falling = list(slopes(points(ladder, PLAIN)))
    assume(falling)
    for item in falling:
        assert paid(made, "s", item.bottom) == cents(item.least)
        near = Fraction(round(item.top * 100), 100)
        assert abs(paid(made, "s", near) - cents(item.most)) <= cents(Fraction(1, 100))
        assert item.least < item.most
        if item.back is not None:
            assert paid(made, "s", -(-item.back * 100 // 1) / Fraction(100)) >= cents(item.most)
