"""Whole numbers of a scale as texts and decimals, a column at a time."""

from __future__ import annotations

from fractions import Fraction
from math import gcd
from typing import Any

from rules_engine.bulk.columnar.reasons import Alone, Reason
from rules_engine.bulk.missing import library, pyarrow
from rules_engine.values.exact import scaled

TEN = 10
SHOWN = 10
"""The decimals of money in the tables, and the most that an exact amount is written with."""
LARGEST = 2**62
Exacts = tuple[Any, Any]
"""Exact amounts: Arrow columns of them at ten places, and of the texts of those for which that is not all."""


def plain(units: Any, scale: int) -> Any:
    """Whole numbers over ten to `scale` as plain digits without trailing zeros: an Arrow column of texts."""
    arrow, compute, numpy = pyarrow(), library("pyarrow.compute"), library("numpy")
    if not scale:
        return compute.cast(arrow.array(units), arrow.string())
    whole, part = numpy.divmod(numpy.abs(units), TEN**scale)
    digits = compute.utf8_lpad(compute.cast(arrow.array(part), arrow.string()), scale, "0")
    joined = compute.binary_join_element_wise(compute.cast(arrow.array(whole), arrow.string()), digits, ".")
    trimmed = compute.utf8_rtrim(compute.utf8_rtrim(joined, "0"), ".")
    sign = compute.if_else(arrow.array(units < 0), "-", "")
    return compute.binary_join_element_wise(sign, trimmed, "")


def money(units: Any, scale: int) -> Any:
    """Whole numbers over ten to `scale`, at most ten, as the tables keep money."""
    arrow, numpy = pyarrow(), library("numpy")
    factor = TEN ** (SHOWN - scale)
    words = numpy.empty((len(units), 2), dtype=numpy.int64)
    if len(units) and int(numpy.abs(units).max()) >= LARGEST // factor:
        exact = [int(unit) * factor for unit in units.tolist()]
        words[:, 0] = [(value & (2**64 - 1)) - (2**64 if value & 2**63 else 0) for value in exact]
        words[:, 1] = [value >> 64 for value in exact]
    else:
        words[:, 0] = units * factor
        words[:, 1] = words[:, 0] >> 63
    return arrow.Array.from_buffers(arrow.decimal128(38, SHOWN), len(units), [None, arrow.py_buffer(words.tobytes())])


def units_of(column: Any, places: int) -> Any | None:
    """Money of a table as whole numbers of ten to the minus `places`; None where some have more decimals, or more digits than 64 bits
    hold. Nothing counts as 0."""
    arrow, numpy, compute = pyarrow(), library("numpy"), library("pyarrow.compute")
    filled = compute.fill_null(column, arrow.scalar(0, column.type))
    whole = filled.combine_chunks() if isinstance(filled, arrow.ChunkedArray) else filled
    words = numpy.frombuffer(whole.buffers()[1], dtype=numpy.int64)[2 * whole.offset : 2 * (whole.offset + len(whole))]
    units, factor = words[0::2], TEN ** (SHOWN - places)
    return units // factor if (words[1::2] == units >> 63).all() and not (units % factor).any() else None


def half_up(units: Any, factor: Fraction) -> Any:
    """Whole numbers times a factor, rounded half up to whole numbers."""
    numpy = library("numpy")
    if int(numpy.abs(units).max(initial=0)) * 2 * factor.numerator + factor.denominator >= LARGEST:
        raise Alone(Reason.LONG)
    sizes = (2 * numpy.abs(units) * factor.numerator + factor.denominator) // (2 * factor.denominator)
    return numpy.where(units < 0, -sizes, sizes)


def exact(top: Any, scale: int, bottom: Any | None) -> Exacts:
    """Exact amounts `top / (bottom * ten to scale)`: at ten places half up as money, and the texts of those that ten places do not hold."""
    arrow, numpy = pyarrow(), library("numpy")
    if bottom is None and scale <= SHOWN:
        return money(top, scale), arrow.nulls(len(top), arrow.string())
    bottoms = [1] * len(top) if bottom is None else numpy.broadcast_to(bottom, len(top)).tolist()
    return _odd([int(value) for value in top.tolist()], bottoms, TEN**scale)


def _odd(tops: list[int], bottoms: list[int], unit: int) -> Exacts:
    arrow = pyarrow()
    shown, odd = list[int](), list[str | None]()
    for top, below in zip(tops, bottoms, strict=True):
        bottom = int(below) * unit
        common = gcd(top, bottom)
        top, bottom = top // common, bottom // common  # noqa: PLW2901 - in lowest terms
        units, rest = divmod(abs(top) * TEN**SHOWN, bottom)
        half_up = units + (2 * rest >= bottom)
        shown.append(-half_up if top < 0 else half_up)
        odd.append(f"{top}/{bottom}" if rest else None)
    return arrow.array([scaled(value, SHOWN) for value in shown], arrow.decimal128(38, SHOWN)), arrow.array(odd, arrow.string())
