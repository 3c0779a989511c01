"""Sliding ladders: the price on the straight line between two points; outside the points the nearest one's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from rules_engine.core.expressions import Ladder, Part, Parts
from rules_engine.lowered.builder import NOTHING, Value
from rules_engine.lowered.digits import Refused
from rules_engine.lowered.expressions import Lowering
from rules_engine.lowered.lines import line_of, own, rising
from rules_engine.lowered.model import Reason
from rules_engine.lowered.slices import Slice

Summed = Callable[[Lowering, Sequence[Part], Slice, Sequence[Value]], Value]
"""Adds up parts whose amounts are given."""


def sliding_value(lowering: Lowering, ladder: Ladder, part: Slice, summed: Summed) -> Value:
    """The slice priced by the ladder."""
    points = [NOTHING if band.lower is None else lowering.value(band.lower) for band in ladder.bands]
    rises = rising(lowering, points)
    lines = [line_of(lowering, band.price) for band in ladder.bands]
    slopes = [line.slope for line in lines if line is not None and line.lump is None]
    if rises is None and len(slopes) == len(lines):
        return _straight(lowering, points, slopes, part)
    found = _mixed(lowering, ladder, points, part, summed)
    return found if rises is None else lowering.build.only_if(rises, found)


def _straight(lowering: Lowering, points: Sequence[Value], slopes: Sequence[Value], part: Slice) -> Value:
    """Between known points of percents: a start and a rise of parameters, over the known distance of the points."""
    build = lowering.build
    starts, rises, spans = [own(slopes[0])], [own(NOTHING)], [Value(0, known=1)]
    for (left, right), (low, high) in zip(pairwise(points), pairwise(slopes), strict=True):
        span, rise = build.sum((right, left), "subtract"), build.sum((high, low), "subtract")
        starts.append(own(build.sum((build.product(low, span), build.product(rise, left)), "subtract")))
        rises.append(own(rise))
        spans.append(own(span))
    starts, rises, spans = [*starts, own(slopes[-1])], [*rises, own(NOTHING)], [*spans, Value(0, known=1)]
    band = build.band(part.qualifier, points, "upper")
    rate = build.sum((build.picked(band, starts), build.product(part.qualifier, build.picked(band, rises))))
    return build.product(part.base, build.over(rate, build.picked(band, spans)))


def _mixed(lowering: Lowering, ladder: Ladder, points: Sequence[Value], part: Slice, summed: Summed) -> Value:
    """Points that are written alike: each of their amounts is read between the points, then all are added up."""
    prices = [band.price for band in ladder.bands]
    parts = [price.parts for price in prices if isinstance(price, Parts)]
    alike = {tuple((item.kind, item.count, item.step) for item in each) for each in parts if each}
    if len(parts) < len(prices) or len(alike) > 1:
        raise Refused(Reason.UNEVEN_BANDS)
    first = next((each for each in parts if each), ())
    amounts = [[lowering.value(item.amount) for item in each] or [NOTHING] * len(first) for each in parts]
    return summed(lowering, first, part, [_between(lowering, points, column, part.qualifier) for column in zip(*amounts, strict=True)])


def _between(lowering: Lowering, points: Sequence[Value], amounts: Sequence[Value], at: Value) -> Value:
    build, found = lowering.build, amounts[-1]
    for place in reversed(range(len(points))):
        amount = amounts[place]
        if place:
            left, low = points[place - 1], amounts[place - 1]
            rise = build.product(build.sum((amount, low), "subtract"), build.sum((at, left), "subtract"))
            amount = build.sum((low, build.divided(rise, build.sum((points[place], left), "subtract"))))
        found = build.chosen(build.compare("<=", at, points[place]), amount, found)
    return found
