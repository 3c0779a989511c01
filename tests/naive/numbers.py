"""Rounding and sharing, written as the sentences that define them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor

HALF = Fraction(1, 2)


def rounded(value: Fraction, to: Fraction, mode: str) -> Fraction:
    """`value` as a multiple of `to`; half_up is symmetric, up is away from zero, down towards it."""
    steps = value / to
    size, sign = abs(steps), (-1 if steps < 0 else 1)
    whole = floor(size)
    rest = size - whole
    match mode:
        case "half_up":
            return sign * (whole + (1 if rest >= HALF else 0)) * to
        case "half_down":
            return sign * (whole + (1 if rest > HALF else 0)) * to
        case "half_even":
            odd = whole % 2 == 1
            return sign * (whole + (1 if rest > HALF or (rest == HALF and odd) else 0)) * to
        case "up":
            return sign * ceil(size) * to
        case "down":
            return sign * whole * to
        case "floor":
            return floor(steps) * to
        case "ceiling":
            return ceil(steps) * to
        case _:
            raise ValueError(mode)


def shared(total: Fraction, weights: Sequence[Fraction], to: Fraction) -> list[Fraction]:
    """`total` by weight in steps of `to`: every part cut down, the steps left over to the parts cut most, the earliest
    first among equals. A negative total mirrors the positive one."""
    if total < 0:
        return [-part for part in shared(-total, weights, to)]
    whole = sum(weights, Fraction(0))
    exact = [total * weight / whole for weight in weights]
    parts = [rounded(part, to, "floor") for part in exact]
    left = int((total - sum(parts, Fraction(0))) / to)
    most_cut = sorted(range(len(parts)), key=lambda index: (parts[index] - exact[index], index))
    for index in most_cut[:left]:
        parts[index] += to
    return parts


def money(value: Fraction, places: int = 2) -> str:
    """A fraction of cents as printed text, for messages."""
    scaled = rounded(value, Fraction(1, 10**places), "half_up") * 10**places
    sign, digits = ("-" if scaled < 0 else ""), str(abs(int(scaled))).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}"
