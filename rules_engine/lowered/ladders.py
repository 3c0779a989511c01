"""Lowering ladders: one product and one addition where bands are plain percents, prices and lumps, else a choice a band."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from rules_engine.core.expressions import Ladder, Parts, Price
from rules_engine.lowered.builder import NOTHING, Value
from rules_engine.lowered.digits import Refused
from rules_engine.lowered.expressions import Lowering
from rules_engine.lowered.model import Reason
from rules_engine.lowered.slices import Slice
from rules_engine.record import dataclass

PriceValue = Callable[[Lowering, Price, Slice], Value]
PLAIN = ("rate", "per", "lump", "formula")


@dataclass(frozen=True, slots=True)
class Line:
    """A band as a straight line over the base: `slope` a unit, and `lump` once above zero, None where it has none."""

    slope: Value
    lump: Value | None


def ladder_value(lowering: Lowering, ladder: Ladder, part: Slice, price: PriceValue) -> Value:
    """The slice priced by the ladder."""
    if ladder.along:
        raise Refused(Reason.ALONG_A_COUNTER)
    if ladder.reading == "sliding":
        return _sliding(lowering, ladder, part)
    edges = _edges(lowering, ladder)
    lines = [_line(lowering, band.price) for band in ladder.bands]
    straight = [line for line in lines if line is not None]
    if len(straight) == len(lines) and (part.own or ladder.reading in ("whole", "stacked")):
        return _straight(lowering, ladder, part, edges, straight)
    return GENERAL[ladder.reading](lowering, ladder, part, edges, price)


def _edges(lowering: Lowering, ladder: Ladder) -> list[Value]:
    """The bounds between the bands, known and rising from above zero, without a gap."""
    uppers = [None if band.upper is None else lowering.value(band.upper) for band in ladder.bands]
    lowers = [None if band.lower is None else lowering.value(band.lower) for band in ladder.bands]
    edges = [upper for upper in uppers[:-1] if upper is not None]
    if any(value is not None and value.known is None for value in (*uppers, *lowers)):
        raise Refused(Reason.MOVING_EDGES)
    found = [_number(value) for value in edges]
    begins = lowers[0] is None or _number(lowers[0]) <= (0, 1)
    joined = len(edges) == len(uppers) - 1 and [None if value is None else _number(value) for value in lowers[1:]] == found
    rising = all(left[0] * right[1] < right[0] * left[1] for left, right in pairwise([(0, 1), *found]))
    if not (begins and joined and rising and uppers[-1] is None):
        raise Refused(Reason.UNEVEN_BANDS)
    return edges


def _number(value: Value) -> tuple[int, int]:
    """A known value as a fraction in lowest terms of ten."""
    assert value.known is not None
    number, scale = value.known, value.scale
    while scale and number % 10 == 0:
        number, scale = number // 10, scale - 1
    return number, 10**scale


def _line(lowering: Lowering, price: Price) -> Line | None:
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
    return Line(_own(build.sum(slopes)) if slopes else _own(NOTHING), _own(build.sum(lumps)) if lumps else None)


def _own(value: Value) -> Value:
    """A parameter of its own with the value."""
    return Value(value.scale, value.at, value.known, False, value.den, value.sure)


def _straight(lowering: Lowering, ladder: Ladder, part: Slice, edges: Sequence[Value], lines: Sequence[Line]) -> Value:
    build, reading = lowering.build, ladder.reading
    slopes, starts = _slopes(lowering, reading, edges, lines)
    band = build.band(part.qualifier, edges, "upper" if reading == "marginal" else ladder.includes)
    found = build.product(part.base, build.picked(band, slopes))
    if starts is None:
        return found
    whole = build.sum((found, build.picked(band, starts)))
    if part.above_zero or not any(line.lump for line in lines):
        return whole
    return build.chosen(build.compare("<", part.base, NOTHING), found, whole)


def _slopes(
    lowering: Lowering, reading: str, edges: Sequence[Value], lines: Sequence[Line]
) -> tuple[list[Value], list[Value] | None]:
    """What each band pays a unit of the whole base, and once."""
    build = lowering.build
    slopes, starts = list[Value](), list[Value]()
    under, lumps, lower = [NOTHING], [NOTHING], NOTHING
    for place, line in enumerate(lines):
        lump = NOTHING if line.lump is None else line.lump
        slope = build.sum((slopes[-1], line.slope)) if reading == "stacked" and slopes else line.slope
        lumps = [lump] if reading == "whole" else [*lumps, lump]
        past = [build.negated(build.product(lower, slope))] if reading == "marginal" else []
        slopes.append(_own(slope))
        starts.append(_own(build.sum([*under, *past, *lumps])))
        if place < len(edges):
            width = build.sum((edges[place], lower), "subtract") if reading == "marginal" else edges[place]
            under = [*under, build.product(width, slope)] if reading in ("marginal", "climbing") else under
            lower = edges[place]
    plain = reading in ("whole", "stacked") and not any(line.lump for line in lines)
    return slopes, None if plain or (len(lines) == 1 and lines[0].lump is None) else starts


def _marginal(lowering: Lowering, ladder: Ladder, part: Slice, edges: Sequence[Value], price: PriceValue) -> Value:
    """Each band on its slice; a paying base that differs is split as the qualifying one is."""
    build, slices, lower = lowering.build, list[Value](), NOTHING
    for place, band in enumerate(ladder.bands):
        top = part.qualifier if place == len(edges) else build.extreme("min", (part.qualifier, edges[place]))
        overlap = top if lower is NOTHING else build.sum((top, lower), "subtract")
        paid = price(lowering, band.price, _share(lowering, part, overlap))
        slices.append(build.chosen(build.compare(">", overlap, NOTHING), paid, NOTHING))
        lower = edges[place] if place < len(edges) else lower
    return _lowest(lowering, ladder, part, price, build.sum(slices))


def _share(lowering: Lowering, part: Slice, qualifier: Value) -> Slice:
    """The part of the slice that is `qualifier` of its own qualifier."""
    build = lowering.build
    if part.own:
        return Slice(qualifier, qualifier, above_zero=True)
    return Slice(build.divided(build.product(part.base, qualifier), part.qualifier), qualifier, own=False)


def _lowest(lowering: Lowering, ladder: Ladder, part: Slice, price: PriceValue, found: Value) -> Value:
    """A qualifier that is not above zero stands in the lowest band."""
    build = lowering.build
    if part.own and part.above_zero:
        return found
    return build.chosen(build.compare(">", part.qualifier, NOTHING), found, price(lowering, ladder.bands[0].price, part))


def _tests(lowering: Lowering, ladder: Ladder, part: Slice, edges: Sequence[Value]) -> list[Value]:
    sign = ">" if ladder.includes == "upper" else ">="
    return [lowering.build.compare(sign, part.qualifier, edge) for edge in edges]


def _whole(lowering: Lowering, ladder: Ladder, part: Slice, edges: Sequence[Value], price: PriceValue) -> Value:
    build = lowering.build
    found, *later = [price(lowering, band.price, part) for band in ladder.bands]
    for test, value in zip(_tests(lowering, ladder, part, edges), later, strict=True):
        found = build.chosen(test, value, found)
    return found


def _stacked(lowering: Lowering, ladder: Ladder, part: Slice, edges: Sequence[Value], price: PriceValue) -> Value:
    build = lowering.build
    first, *later = [price(lowering, band.price, part) for band in ladder.bands]
    tests = _tests(lowering, ladder, part, edges)
    return build.sum([first, *(build.chosen(test, value, NOTHING) for test, value in zip(tests, later, strict=True))])


def _climbing(lowering: Lowering, ladder: Ladder, part: Slice, edges: Sequence[Value], price: PriceValue) -> Value:
    """Passed bands on their upper bound, the band that holds the value on the whole."""
    build, tests, found = lowering.build, _tests(lowering, ladder, part, edges), list[Value]()
    for place, band in enumerate(ladder.bands):
        held = price(lowering, band.price, part)
        if place < len(edges):
            passed = price(lowering, band.price, _share(lowering, part, edges[place]))
            held = build.chosen(tests[place], passed, held)
        found.append(build.chosen(tests[place - 1], held, NOTHING) if place else held)
    return build.sum(found)


def _sliding(lowering: Lowering, ladder: Ladder, part: Slice) -> Value:
    """The rate on the straight line between two points; outside the points the nearest one's."""
    build = lowering.build
    points = [NOTHING if band.lower is None else lowering.value(band.lower) for band in ladder.bands]
    lines = [_line(lowering, band.price) for band in ladder.bands]
    slopes = [line.slope for line in lines if line is not None and line.lump is None]
    if len(slopes) < len(lines) or any(point.known is None for point in points):
        raise Refused(Reason.MOVING_EDGES)
    numbers = [_number(point) for point in points]
    if not all(left[0] * right[1] < right[0] * left[1] for left, right in pairwise(numbers)):
        raise Refused(Reason.UNEVEN_BANDS)
    starts, rises, spans = [_own(slopes[0])], [_own(NOTHING)], [Value(0, known=1)]
    for (left, right), (low, high) in zip(pairwise(points), pairwise(slopes), strict=True):
        span, rise = build.sum((right, left), "subtract"), build.sum((high, low), "subtract")
        starts.append(build.sum((build.product(low, span), build.product(rise, left)), "subtract"))
        rises.append(_own(rise))
        spans.append(span)
    starts, rises, spans = [*starts, _own(slopes[-1])], [*rises, _own(NOTHING)], [*spans, Value(0, known=1)]
    band = build.band(part.qualifier, points, "upper")
    rate = build.sum((build.picked(band, starts), build.product(part.qualifier, build.picked(band, rises))))
    over = build.picked(band, spans)
    return build.product(part.base, _over(lowering, rate, over))


def _over(lowering: Lowering, value: Value, over: Value) -> Value:
    """The value over one known to be above zero: ten to its scale goes above."""
    build = lowering.build
    assert over.at is not None
    shift = max(0, over.scale - value.scale)
    at = build.operand(value, value.scale + shift)
    den = over.at if value.den is None else build.emit("multiply", (over.at, value.den), 0)
    return Value(value.scale + shift - over.scale, at, den=den, sure=build.surely((value, over)))


GENERAL = {"marginal": _marginal, "whole": _whole, "stacked": _stacked, "climbing": _climbing}
