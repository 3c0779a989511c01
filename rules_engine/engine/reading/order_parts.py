"""What a promotion takes off the lines of one order: thresholds, reductions, and the parts that add up again."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from rules_engine.core.expressions import Rounding
from rules_engine.core.order_promotion import OrderPromotion, Reduction
from rules_engine.engine.reading.order_sets import of_sets
from rules_engine.record import dataclass
from rules_engine.values.exact import as_fraction
from rules_engine.values.rounding import largest_remainder, round_to

ZERO = Decimal(0)
NONE = Fraction(0)


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A line as the promotion sees it: what it costs and how many units it is now, whether it counts and whether it gets."""

    value: Fraction
    units: Fraction
    counts: bool
    gets: bool
    sku: str = ""


def order_parts(promotion: OrderPromotion, lines: Sequence[OrderLine]) -> list[Decimal]:
    """What each line of the order is reduced by, never more than its value."""
    found = reached(promotion.reductions, lines)
    if found is None:
        return [ZERO] * len(lines)
    match found.kind:
        case "unit":
            return [
                _off(line.units * as_fraction(found.amount), line.value, promotion.rounding) for line in lines_that_get(lines)
            ]
        case "unit_percent":
            return [_off(_bounded_each(found, line), line.value, promotion.rounding) for line in lines_that_get(lines)]
        case "price":
            return _at_price(found, lines, promotion.rounding)
        case "bundle":
            return _bundled(found, lines, promotion)
        case "set_share" | "set_unit" | "set_price":
            return _in_sets(found, lines, promotion)
        case _:
            return shared(
                _whole(found, lines, promotion.rounding), [line.value if line.gets else NONE for line in lines], promotion
            )


def _bounded_each(reduction: Reduction, line: OrderLine) -> Fraction:
    """A percentage of every unit's price, each bounded alone; the units of a line cost the same."""
    assert reduction.cap is not None
    return min(line.value * as_fraction(reduction.amount), line.units * as_fraction(reduction.cap))


def lines_that_get(lines: Sequence[OrderLine]) -> list[OrderLine]:
    """The lines, those that get nothing as worth nothing."""
    return [line if line.gets else OrderLine(NONE, NONE, line.counts, False, line.sku) for line in lines]


def reached(reductions: Sequence[Reduction], lines: Sequence[OrderLine]) -> Reduction | None:
    """The reduction with the highest threshold that the order reaches; a threshold reached exactly counts."""
    fitting = [item for item in reductions if counted(item, lines) >= as_fraction(item.threshold)]
    return max(fitting, key=lambda item: item.threshold, default=None)


def counted(reduction: Reduction, lines: Sequence[OrderLine]) -> Fraction:
    """The money or units of the order that count towards the threshold."""
    counting = [line for line in lines if line.counts]
    return sum((line.units if reduction.counted == "units" else line.value for line in counting), NONE)


def _whole(reduction: Reduction, lines: Sequence[OrderLine], rounding: Rounding) -> Decimal:
    """What the whole order is reduced by, rounded."""
    eligible = sum((line.value for line in lines if line.gets), NONE)
    amount = as_fraction(reduction.amount)
    if reduction.kind == "percent":
        amount *= eligible
    elif reduction.repeats:
        amount *= _times(reduction, counted(reduction, lines) // as_fraction(reduction.threshold))
    if reduction.cap is not None:
        amount = min(amount, as_fraction(reduction.cap))
    return _off(amount, eligible, rounding)


def _times(reduction: Reduction, times: int) -> int:
    return times if reduction.times is None else min(times, reduction.times)


def _off(amount: Fraction, value: Fraction, rounding: Rounding) -> Decimal:
    """The amount rounded, at most what there is to take it off; a value that is no multiple of the step is not exceeded."""
    most = round_to(max(value, NONE), rounding.to, "down")
    return min(round_to(amount, rounding.to, rounding.mode), most)


def _at_price(reduction: Reduction, lines: Sequence[OrderLine], rounding: Rounding) -> list[Decimal]:
    """The units that may be had at the price, from the earliest line on."""
    most = reduction.times
    if reduction.repeats:
        most = _times(reduction, counted(reduction, lines) // as_fraction(reduction.threshold))
    left = None if most is None else Fraction(most)
    parts = []
    for line in lines_that_get(lines):
        units = line.units if left is None else min(line.units, left)
        left = None if left is None else left - units
        dearer = line.value / line.units - as_fraction(reduction.amount) if line.units else NONE
        parts.append(_off(max(dearer, NONE) * units, line.value, rounding))
    return parts


def _bundled(reduction: Reduction, lines: Sequence[OrderLine], promotion: OrderPromotion) -> list[Decimal]:
    """Whole sets at their price; every line's units in sets share what the sets are cheaper by."""
    wanted = {sku: reduction.skus.count(sku) for sku in reduction.skus}
    having = {sku: sum((line.units for line in lines_that_get(lines) if line.sku == sku), NONE) for sku in wanted}
    sets = _times(reduction, min(int(having[sku] // count) for sku, count in wanted.items()))
    left = {sku: Fraction(sets * count) for sku, count in wanted.items()}
    weights = []
    for line in lines_that_get(lines):
        units = min(line.units, left.get(line.sku, NONE))
        if line.sku in left:
            left[line.sku] -= units
        weights.append(line.value * units / line.units if units else NONE)
    cheaper = sum(weights, NONE) - sets * as_fraction(reduction.amount)
    return shared(_off(max(cheaper, NONE), sum(weights, NONE), promotion.rounding), weights, promotion)


def _in_sets(reduction: Reduction, lines: Sequence[OrderLine], promotion: OrderPromotion) -> list[Decimal]:
    """What sets of units are cheaper by, shared over the goods that make them."""
    parts = [ZERO] * len(lines)
    for found in of_sets(reduction, [(line.value, line.units, line.sku) for line in lines_that_get(lines)]):
        off = _off(found.amount, sum(found.weights, NONE), promotion.rounding)
        parts = [part + more for part, more in zip(parts, shared(off, found.weights, promotion), strict=True)]
    return parts


def shared(amount: Decimal, weights: Sequence[Fraction], promotion: OrderPromotion) -> list[Decimal]:
    """The amount shared by weight so that the parts add up to it."""
    if not amount:
        return [ZERO] * len(weights)
    if promotion.remainder != "last":
        return largest_remainder(amount, weights, promotion.rounding.to)
    whole = sum(weights, NONE)
    parts = [
        round_to(as_fraction(amount) * weight / whole, promotion.rounding.to, promotion.rounding.mode) for weight in weights
    ]
    last = max(place for place, weight in enumerate(weights) if weight)
    parts[last] += amount - sum(parts, ZERO)
    return parts


def borne(part: Decimal, promotion: OrderPromotion, funder: str) -> Decimal:
    """What a funder bears of a part: the shares add up to it, the odd cents go to the largest remainders."""
    if not funder or not part:
        return part
    named = [share for _, share in promotion.funders if share is not None]
    rest = 1 - sum(named, ZERO)
    shares = largest_remainder(
        part, [rest if share is None else share for _, share in promotion.funders], promotion.rounding.to
    )
    return sum((share for (name, _), share in zip(promotion.funders, shares, strict=True) if name == funder), ZERO)
