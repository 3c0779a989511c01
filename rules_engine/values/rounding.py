"""Rounding to a multiple, and sharing an amount so that its parts add up again."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
)
from fractions import Fraction
from functools import lru_cache

from rules_engine.values.exact import Number, as_fraction, scaled

MODES = ("half_up", "half_even", "half_down", "up", "down", "floor", "ceiling")
"""half_up, half_down: a half goes away from, or towards, zero; half_even: to the even multiple.
up, down: away from, or towards, zero; floor, ceiling: towards minus, or plus, infinity."""

_DECIMAL_MODES = {
    "half_up": ROUND_HALF_UP,
    "half_even": ROUND_HALF_EVEN,
    "half_down": ROUND_HALF_DOWN,
    "up": ROUND_UP,
    "down": ROUND_DOWN,
    "floor": ROUND_FLOOR,
    "ceiling": ROUND_CEILING,
}
_WIDE = Context(prec=200)


def round_to(value: Number, to: Decimal, mode: str) -> Decimal:
    """The multiple of `to` that `mode` picks, written with the decimals of `to`.

    Exact for any fraction and any positive `to` (0.01, 0.05, 1, 100). An unknown mode or a `to` that is not
    positive raises `ValueError`.
    """
    if mode not in _DECIMAL_MODES:
        raise ValueError(f"unknown rounding mode {mode}")
    units, places, power_of_ten = _step(str(to))
    if power_of_ten and isinstance(value, Decimal):
        rounded = value.quantize(to, _DECIMAL_MODES[mode], _WIDE)
        return rounded or abs(rounded)
    exact = as_fraction(value)
    return scaled(_nearest(exact.numerator * 10**places, exact.denominator * units, mode) * units, places)


def round_ratio(above: int, below: int, to: Decimal, mode: str) -> Decimal:
    """`round_to` of one whole number over another, which is above zero."""
    if mode not in _DECIMAL_MODES:
        raise ValueError(f"unknown rounding mode {mode}")
    units, places, _ = _step(str(to))
    return scaled(_nearest(above * 10**places, below * units, mode) * units, places)


@lru_cache(maxsize=64)
def _step(text: str) -> tuple[int, int, bool]:
    """A step as whole units and decimals, and whether it is one unit of its last decimal; told by its text, since 0.10 and 0.1
    are equal and not written alike."""
    to = Decimal(text)
    if not to.is_finite() or to <= 0:
        raise ValueError(f"cannot round to a multiple of {to}")
    exponent = int(to.as_tuple().exponent)
    places = max(0, -exponent)
    units = int(as_fraction(to) * 10**places)
    return units, places, units == 1 and exponent <= 0


def _nearest(numerator: int, denominator: int, mode: str) -> int:
    below, rest = divmod(numerator, denominator)
    if not rest:
        return below
    return below + _goes_up(mode, negative=below < 0, odd=below % 2 == 1, half=2 * rest - denominator)


def _goes_up(mode: str, *, negative: bool, odd: bool, half: int) -> bool:
    """Whether a number between two multiples takes the upper one; `half` is its distance from their middle."""
    match mode:
        case "floor" | "ceiling":
            return mode == "ceiling"
        case "up" | "down":
            return negative == (mode == "down")
        case _ if half:
            return half > 0
        case "half_even":
            return odd
        case _:
            return negative == (mode == "half_down")


def largest_remainder(total: Decimal, weights: Sequence[Number], to: Decimal) -> list[Decimal]:
    """`total` shared by `weights` in multiples of `to`; the parts add up to `total` exactly.

    Every part is its exact share rounded one way or the other; what is left goes to the largest remainders, ties to the
    earliest. A negative weight keeps its sign, a zero weight gets nothing, and a negative total mirrors the positive one.
    Weights that add up to zero under a total that is not, and a total that is no multiple of `to`, raise `ValueError`.
    """
    units, places, _ = _step(str(to))
    whole = as_fraction(total) / as_fraction(to)
    if whole.denominator != 1:
        raise ValueError(f"{total} is no multiple of {to}")
    parts = _shared(whole.numerator, [as_fraction(weight) for weight in weights])
    return [scaled(part * units, places) for part in parts]


def _shared(total: int, weights: list[Fraction]) -> list[int]:
    if total == 0:
        return [0] * len(weights)
    whole = sum(weights, Fraction(0))
    if whole == 0:
        raise ValueError("weights add up to zero")
    sign = 1 if total > 0 else -1
    quotas = [divmod(abs(total) * weight / whole, 1) for weight in weights]
    parts = [int(below) for below, _ in quotas]
    left = abs(total) - sum(parts)
    for index in sorted(range(len(quotas)), key=lambda index: -quotas[index][1])[:left]:
        parts[index] += 1
    return [sign * part for part in parts]
