from __future__ import annotations

from decimal import Decimal, Inexact
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from rules_engine.values.exact import EXACT, as_decimal, as_fraction, decimals_of, exact_text, scaled

decimals = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**28), max_value=10**28, places=10)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(57, 8), "7.125"),
        (Fraction(-1, 3), "-1/3"),
        (Decimal("170.00"), "170"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1E-10"), "0.0000000001"),
        (Decimal("1E-11"), "1/100000000000"),
        (Decimal("-0.00"), "0"),
        (Fraction(0), "0"),
        (12, "12"),
    ],
)
def test_exact_text(value: Decimal | Fraction | int, text: str) -> None:
    assert exact_text(value) == text


@given(decimals)
def test_a_decimal_survives_the_way_through_a_fraction(value: Decimal) -> None:
    assert as_decimal(as_fraction(value)) == value


@given(st.fractions())
def test_exact_text_reads_back(value: Fraction) -> None:
    assert Fraction(exact_text(value)) == value


def test_an_endless_decimal_is_refused() -> None:
    assert decimals_of(Fraction(1, 6)) is None
    with pytest.raises(ValueError, match="no end"):
        as_decimal(Fraction(1, 3))


def test_the_exact_context_does_not_round() -> None:
    with pytest.raises(Inexact):
        EXACT.divide(Decimal(1), Decimal(3))


def test_scaled_keeps_decimals_and_has_no_minus_zero() -> None:
    assert str(scaled(-105, 2)) == "-1.05"
    assert str(scaled(0, 2)) == "0.00"
