"""A number reads the same whether it is kept as a decimal or as a fraction."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given, strategies as st

from rules_engine.statement.numbers import grouped
from rules_engine.values.exact import SHOWN_DECIMALS, as_decimal, decimals_of, exact_text

NUMBERS = st.builds(lambda units, power: Decimal(f"{units}E{power}"), st.integers(-(10**15), 10**15), st.integers(-13, 5))


@given(NUMBERS, st.sampled_from([(0, 10), (2, 10), (2, 2), (0, 4)]))
def test_grouped(number: Decimal, decimals: tuple[int, int]) -> None:
    assert grouped(number, *decimals) == grouped(Fraction(number), *decimals)


@given(NUMBERS)
def test_exact_text(number: Decimal) -> None:
    fraction = Fraction(number)
    assert exact_text(number) == exact_text(fraction)
    ends = decimals_of(fraction)
    assert ("/" in exact_text(number)) == (ends is None or ends > SHOWN_DECIMALS)
    assert Fraction(exact_text(number)) == number == as_decimal(fraction)
