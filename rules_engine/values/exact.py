"""Exact arithmetic: decimals that refuse to lose a digit, and fractions where a quotient has no end."""

from __future__ import annotations

from decimal import Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow
from fractions import Fraction
from functools import lru_cache

EXACT = Context(prec=60, traps=[Inexact, InvalidOperation, Overflow, DivisionByZero])
"""Decimal context of 60 digits in which a result that would be rounded raises `decimal.Inexact` instead."""

SHOWN_DECIMALS = 10

Number = Decimal | Fraction


def as_fraction(value: Number | int) -> Fraction:
    """The same number as a fraction. NaN and infinities raise `ValueError` or `OverflowError`."""
    return value if isinstance(value, Fraction) else Fraction(value)


def decimals_of(value: Fraction) -> int | None:
    """How many decimals write the number in full; None if it never ends."""
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    return max(twos, fives) if rest == 1 else None


def as_decimal(value: Number | int) -> Decimal:
    """The same number as a decimal, digit by digit. A fraction without an end raises `ValueError`."""
    if isinstance(value, Decimal):
        return value
    exact = Fraction(value)
    places = decimals_of(exact)
    if places is None:
        raise ValueError(f"{exact} has no end as a decimal")
    return scaled(exact.numerator * 10**places // exact.denominator, places)


def scaled(units: int, places: int) -> Decimal:
    """`units` times ten to the minus `places`, written with that many decimals. Zero has no sign."""
    return Decimal(f"{units}E-{places}")


def plain(value: Decimal) -> str:
    """A decimal without exponent and without trailing zeros; zero has no sign."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


@lru_cache(maxsize=8192)
def exact_text(value: Number | int) -> str:
    """The number in full: `17`, `7.125`, or `p/q` where ten decimals do not end it."""
    if isinstance(value, Decimal) and value.is_finite():
        text = plain(value)
        if len(text.partition(".")[2]) <= SHOWN_DECIMALS:
            return text
    fraction = as_fraction(value)
    numerator, denominator = fraction.numerator, fraction.denominator
    if denominator == 1:
        return str(numerator)
    places = decimals_of(fraction)
    if places is None or places > SHOWN_DECIMALS:
        return f"{numerator}/{denominator}"
    return plain(scaled(numerator * 10**places // denominator, places))
