"""Lowering ladders: one product and one addition where bands are plain percents, prices and lumps, else a choice a band."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from rules_engine.core.expressions import Constant, Expression, Ladder, Price
from rules_engine.engine.reading.identity import signature
from rules_engine.lowered.builder import NOTHING, Value
from rules_engine.lowered.digits import Refused
from rules_engine.lowered.expressions import Lowering
from rules_engine.lowered.lines import Line, line_of, number_of, own, rising
from rules_engine.lowered.model import Reason
from rules_engine.lowered.slices import Slice
from rules_engine.lowered.sliding import Summed, sliding_value

PriceValue = Callable[[Lowering, Price, Slice], Value]


def ladder_value(lowering: Lowering, ladder: Ladder, part: Slice, price: PriceValue, summed: Summed) -> Value:
    """The slice priced by the ladder."""
    if ladder.along:
        raise Refused(Reason.ALONG_A_COUNTER)
    if ladder.reading == "sliding":
        return sliding_value(lowering, ladder, part, summed)
    edges, rises = _edges(lowering, ladder)
    lines = [line_of(lowering, band.price) for band in ladder.bands]
    straight = [line for line in lines if line is not None]
    if rises is None and len(straight) == len(lines) and (part.own or ladder.reading in ("whole", "stacked")):
        return _straight(lowering, ladder, part, edges, straight)
    found = GENERAL[ladder.reading](lowering, ladder, part, edges, price)
    return found if rises is None else lowering.build.only_if(rises, found)


def _edges(lowering: Lowering, ladder: Ladder) -> tuple[list[Value], Value | None]:
    """The bounds between the bands, without a gap; and, where they are measured, whether they rise from above zero."""
    uppers = [None if band.upper is None else lowering.value(band.upper) for band in ladder.bands]
    edges = [upper for upper in uppers[:-1] if upper is not None]
    first = ladder.bands[0].lower
    begins = first is None or _at_most_zero(lowering.value(first))
    joined = len(edges) == len(uppers) - 1 and all(_same(lowering, one.upper, next_.lower) for one, next_ in pairwise(ladder.bands))
    if not (begins and joined and uppers[-1] is None):
        raise Refused(Reason.UNEVEN_BANDS)
    return edges, rising(lowering, [NOTHING, *edges])


def _same(lowering: Lowering, one: Expression | None, other: Expression | None) -> bool:
    """Whether two bounds are one."""
    if one is None or other is None:
        return False
    if not (isinstance(one, Constant) and isinstance(other, Constant)) and signature(one) == signature(other):
        return True
    left, right = lowering.value(one), lowering.value(other)
    if left.known is None or right.known is None:
        return False
    (upper, of), (lower, to) = number_of(left), number_of(right)
    return upper * to == lower * of


def _at_most_zero(value: Value) -> bool:
    return value.known is not None and value.known <= 0


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
        slopes.append(own(slope))
        starts.append(own(build.sum([*under, *past, *lumps])))
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


GENERAL = {"marginal": _marginal, "whole": _whole, "stacked": _stacked, "climbing": _climbing}
