"""Bands and points as straight lines of parameters, and whether their bounds rise."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from rules_engine.core.expressions import Parts, Price
from rules_engine.lowered.builder import NOTHING, Value
from rules_engine.lowered.digits import Refused
from rules_engine.lowered.expressions import Lowering
from rules_engine.lowered.model import Reason
from rules_engine.record import dataclass

PLAIN = ("rate", "per", "lump", "formula")


@dataclass(frozen=True, slots=True)
class Line:
    """A band as a straight line over the base: `slope` a unit, and `lump` once above zero, None where it has none."""

    slope: Value
    lump: Value | None


def rising(lowering: Lowering, values: Sequence[Value]) -> Value | None:
    """Whether the values rise; None where it is known that they do."""
    if all(value.known is not None for value in values):
        numbers = [number_of(value) for value in values]
        if not all(left[0] * right[1] < right[0] * left[1] for left, right in pairwise(numbers)):
            raise Refused(Reason.UNEVEN_BANDS)
        return None
    if len(values) < 2:
        return None
    build = lowering.build
    return build.logic("and", [build.compare("<", left, right) for left, right in pairwise(values)])


def number_of(value: Value) -> tuple[int, int]:
    """A known value as a fraction, not always in lowest terms."""
    assert value.known is not None
    return value.known, 10**value.scale


def line_of(lowering: Lowering, price: Price) -> Line | None:
    """The price as a straight line of parameters; None where it is none."""
    if not isinstance(price, Parts) or price.floor is not None or price.cap is not None:
        return None
    if any(part.kind not in PLAIN or (part.kind == "per" and (part.count != 1 or part.step != "exact")) for part in price.parts):
        return None
    build, slopes, lumps = lowering.build, list[Value](), list[Value]()
    for part in price.parts:
        amount = lowering.value(part.amount)
        if amount.known is None:
            return None
        (slopes if part.kind in ("rate", "per") else lumps).append(amount)
    return Line(own(build.sum(slopes)) if slopes else own(NOTHING), own(build.sum(lumps)) if lumps else None)


def own(value: Value) -> Value:
    """A parameter of its own with the value."""
    return Value(value.scale, value.at, value.known, False, value.den, value.sure)
