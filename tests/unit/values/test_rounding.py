from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given, strategies as st

from rules_engine.values.rounding import MODES, largest_remainder, round_to

CENT = Decimal("0.01")
STEPS = [Decimal(step) for step in ("0.01", "0.05", "0.0001", "1", "5", "100", "1E+2", "0.25", "0.50")]

fractions = st.fractions(min_value=-(10**9), max_value=10**9, max_denominator=10**6)
decimals = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=6)
halves = st.builds(lambda count, step: (2 * count + 1) * step / 2, st.integers(-9999, 9999), st.sampled_from(STEPS))
numbers = st.one_of(fractions, decimals, halves, halves.map(Fraction))


def independent(value: Fraction, to: Fraction, mode: str) -> Fraction:
    size, sign = abs(value) / to, -1 if value < 0 else 1
    half = Fraction(1, 2)
    count = {
        "half_up": lambda: sign * floor(size + half),
        "half_down": lambda: sign * ceil(size - half),
        "half_even": lambda: sign * round(size),
        "up": lambda: sign * ceil(size),
        "down": lambda: sign * floor(size),
        "floor": lambda: floor(value / to),
        "ceiling": lambda: ceil(value / to),
    }[mode]()
    return count * to


@given(numbers, st.sampled_from(STEPS), st.sampled_from(MODES))
def test_rounding_equals_an_independent_formula(value: Decimal | Fraction, to: Decimal, mode: str) -> None:
    rounded = round_to(value, to, mode)
    assert Fraction(rounded) == independent(Fraction(value), Fraction(to), mode)
    assert -int(rounded.as_tuple().exponent) == max(0, -int(to.as_tuple().exponent))
    assert str(rounded).startswith("-") == (rounded < 0)


def test_steps_that_are_equal_and_written_otherwise_do_not_answer_for_each_other() -> None:
    steps = [Decimal(step) for step in ("0.1", "0.10", "1", "1.0", "0.100", "1.00")]
    expected = ["1.3", "1.30", "1", "1.0", "1.300", "1.00"]
    for order in (steps, steps[::-1]):
        assert [str(round_to(Decimal("1.26"), step, "half_up")) for step in order] == (
            expected if order is steps else expected[::-1]
        )


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("half_up", ["0.13", "-0.13", "0.14", "0.12", "-0.12"]),
        ("half_even", ["0.12", "-0.12", "0.14", "0.12", "-0.12"]),
        ("half_down", ["0.12", "-0.12", "0.13", "0.12", "-0.12"]),
        ("up", ["0.13", "-0.13", "0.14", "0.13", "-0.13"]),
        ("down", ["0.12", "-0.12", "0.13", "0.12", "-0.12"]),
        ("floor", ["0.12", "-0.13", "0.13", "0.12", "-0.13"]),
        ("ceiling", ["0.13", "-0.12", "0.14", "0.13", "-0.12"]),
    ],
)
def test_modes(mode: str, expected: list[str]) -> None:
    values = ["0.125", "-0.125", "0.135", "0.121", "-0.121"]
    assert [str(round_to(Decimal(value), CENT, mode)) for value in values] == expected
    assert [str(round_to(Fraction(value), CENT, mode)) for value in values] == expected


def test_multiples() -> None:
    assert str(round_to(Decimal("12.37"), Decimal("0.05"), "half_up")) == "12.35"
    assert str(round_to(Decimal(1234), Decimal(100), "up")) == "1300"
    assert str(round_to(Decimal("7.125"), CENT, "half_up")) == "7.13"


def test_amounts_of_the_largest_size_stay_exact() -> None:
    value = Decimal("9" * 28 + "." + "9" * 10)
    assert round_to(value, Decimal("1E-9"), "half_up") == Decimal(10**28)


@pytest.mark.parametrize(("to", "mode"), [("0", "up"), ("-1", "up"), ("NaN", "up"), ("0.01", "nearest")])
def test_what_is_no_rounding_is_refused(to: str, mode: str) -> None:
    with pytest.raises(ValueError, match="round"):
        round_to(Decimal(1), Decimal(to), mode)


def shared(total: str, weights: str, to: str = "0.01") -> list[str]:
    return [
        str(part) for part in largest_remainder(Decimal(total), [Decimal(weight) for weight in weights.split()], Decimal(to))
    ]


def test_the_worked_example_of_sharing() -> None:
    assert shared("0.10", "1 1 1") == ["0.04", "0.03", "0.03"]
    assert shared("0.13", "1 1 2") == ["0.03", "0.03", "0.07"]


def test_a_negative_total_mirrors_the_positive_one() -> None:
    assert shared("-0.10", "1 1 1") == ["-0.04", "-0.03", "-0.03"]


def test_negative_weights_keep_their_sign() -> None:
    assert shared("0.05", "3 -1") == ["0.08", "-0.03"]
    assert shared("10.00", "-1 3") == ["-5.00", "15.00"]


def test_nothing_to_share_and_nothing_to_share_by() -> None:
    assert shared("0", "1 -1") == ["0.00", "0.00"]
    assert shared("0", "") == []
    for weights in ("1 -1", "0 0", ""):
        with pytest.raises(ValueError, match="zero"):
            shared("0.01", weights)


def test_a_total_off_the_multiples_is_refused() -> None:
    with pytest.raises(ValueError, match="multiple"):
        shared("0.03", "1 1", "0.05")


@given(
    st.integers(-(10**9), 10**9),
    st.lists(
        st.one_of(st.integers(-50, 1000), st.fractions(min_value=0, max_value=9, max_denominator=60)), min_size=1, max_size=30
    ),
    st.sampled_from([Decimal("0.01"), Decimal("0.05"), Decimal(1), Decimal(100)]),
)
def test_parts_add_up_and_stay_next_to_their_exact_share(count: int, weights: list[Fraction], to: Decimal) -> None:
    weights = [Fraction(weight) for weight in weights]
    whole = sum(weights, Fraction(0))
    if whole == 0:
        return
    total = count * to
    parts = largest_remainder(total, weights, to)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        exact = Fraction(total) * weight / whole
        assert abs(Fraction(part) - exact) < to
        assert part == 0 or (part > 0) == (exact > 0)
        assert weight or not part
    assert [-part for part in parts] == largest_remainder(-total, weights, to)
