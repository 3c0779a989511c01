"""Numbers and days as a reader meets them: plain decimals for machines, grouped decimals for people."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from rules_engine.values.exact import EXACT
from rules_engine.values.period import Period

PLACES = 10


def decimal_text(value: Decimal | Fraction, places: int = PLACES) -> str:
    """Plain decimal digits without exponent; what does not end within `places` is cut there, half up."""
    if isinstance(value, Decimal):
        return format(value or value.copy_abs(), "f")
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    digits = f"{whole // 10**places}.{whole % 10**places:0{places}d}".rstrip("0").rstrip(".")
    return f"-{digits}" if value < 0 and whole else digits


def grouped(value: Decimal | Fraction, least: int = 0, most: int = PLACES) -> str:
    """`1,234.50` with at least `least` and at most `most` decimals; an ellipsis says that digits were left off."""
    if isinstance(value, Decimal) and value.is_finite():
        figures, _, decimals = format(value.copy_abs(), ",f").partition(".")
        decimals = decimals.rstrip("0")
        if len(decimals) <= most:
            decimals = decimals.ljust(least, "0")
            return f"{'−' if value < 0 else ''}{figures}{'.' + decimals if decimals else ''}"
    top, bottom = value.as_integer_ratio()
    scaled, left_off = divmod(abs(top) * 10**most, bottom)
    scaled += 2 * left_off >= bottom
    whole, rest = divmod(scaled, 10**most)
    decimals = f"{rest:0{most}d}".rstrip("0").ljust(least, "0")
    sign = "−" if top < 0 and scaled else ""
    return f"{sign}{whole:,}{'.' + decimals if decimals else ''}{'…' if left_off else ''}"


def amount_text(value: Decimal) -> str:
    """An amount of money, grouped, at its own scale and never below two decimals unless the scale is 0."""
    exponent = value.as_tuple().exponent
    scale = max(0, -exponent) if isinstance(exponent, int) else 2
    return grouped(value, scale, max(scale, PLACES))


def percent_text(value: Decimal | Fraction) -> str:
    """A share as percent: 0.12 is `12%`."""
    hundredfold = value.scaleb(2, EXACT) if isinstance(value, Decimal) else value * 100
    return grouped(hundredfold) + "%"


def last_day(period: Period) -> date:
    """The last day inside a half-open period."""
    return period.end - timedelta(days=1)
