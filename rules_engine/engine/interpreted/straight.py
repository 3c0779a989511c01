"""Ladders along a counter whose bands are fixed and pay so much a unit: what thousands of documents earn, without a word about each."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from rules_engine.core.expressions import Constant, Ladder, Parts, Price
from rules_engine.engine.interpreted.edges import Edge, edges
from rules_engine.engine.reading.counters import Place, Stretch
from rules_engine.engine.reading.records import Record
from rules_engine.engine.scope import Slice, Teller
from rules_engine.values.exact import as_fraction
from rules_engine.values.rounding import round_to

ZERO = Fraction(0)
Bands = list[tuple[Edge, Fraction]]
"""Bands with what each pays for one of the base."""


def straight_amounts(
    teller: Teller, ladder: Ladder, part: Slice, every: Sequence[tuple[Record, Fraction]]
) -> list[tuple[int, Fraction]] | None:
    """What each document with a base earns, by its place in `every`; None where the ladder is not as simple, or a document has no
    place or no band."""
    bands = _straight(teller, ladder, part)
    if bands is None:
        return None
    found: list[tuple[int, Fraction]] = []
    for at, (record, base) in enumerate(every):
        if not base:
            continue
        place = teller.facts.place(ladder.along, record)
        amount = _amount(ladder, bands, place, base) if isinstance(place, Place) else None
        if amount is None:
            return None
        each = part.each
        found.append((at, amount if each is None else as_fraction(round_to(amount, each.to, each.mode))))
    return found


def _straight(teller: Teller, ladder: Ladder, part: Slice) -> Bands | None:
    """The bands, if they leave no gap and no bound and no price depends on day, group or document."""
    bounds = [bound for band in ladder.bands for bound in (band.lower, band.upper) if bound is not None]
    slopes = [_slope(band.price) for band in ladder.bands]
    known = edges(teller, ladder, part) if all(isinstance(bound, Constant) for bound in bounds) else None
    if not isinstance(known, list) or None in slopes or not _whole(known):
        return None
    return [(edge, slope) for edge, slope in zip(known, slopes, strict=True) if slope is not None]


def _whole(bands: Sequence[Edge]) -> bool:
    """Whether each begins where the one before it ends, the first at zero or below and the last without an end."""
    joined = all(left.upper is not None and left.upper == right.lower for left, right in pairwise(bands))
    rising = all(edge.upper is None or (edge.lower or ZERO) < edge.upper for edge in bands)
    return joined and rising and not bands[0].lower and bands[-1].upper is None


def _slope(price: Price) -> Fraction | None:
    """What a plain price pays for one of its base; None if it pays once, in steps, or within bounds of its own."""
    if not isinstance(price, Parts) or price.floor is not None or price.cap is not None:
        return None
    slope = ZERO
    for item in price.parts:
        amount = item.amount.value if isinstance(item.amount, Constant) else None
        if not isinstance(amount, Decimal) or not (item.kind == "rate" or (item.kind == "per" and item.step == "exact")):
            return None
        slope += Fraction(amount) / (1 if item.kind == "rate" else as_fraction(item.count))
    return slope


def _amount(ladder: Ladder, bands: Bands, place: Place, base: Fraction) -> Fraction | None:
    """What a document earns on its stretches."""
    if len(place.stretches) == 1:
        earned = _on(ladder, bands, place.stretches[0])
        return None if earned is None else base * earned
    moved = sum((stretch.length for stretch in place.stretches), ZERO)
    total = ZERO
    for stretch in place.stretches:
        earned = _on(ladder, bands, stretch)
        if earned is None:
            return None
        total += base * earned * stretch.length / moved if moved else base * earned
    return total


def _on(ladder: Ladder, bands: Bands, stretch: Stretch) -> Fraction | None:
    """What one of the base earns on a stretch; None where no band holds it."""
    all_edges = [edge for edge, _ in bands]
    if ladder.reading == "whole" or not stretch.sign:
        return next((slope for edge, slope in bands if stands(edge, stretch.reached, ladder.includes, all_edges)), None)
    for edge, slope in bands:  # without gaps, what lies in one band lies in no other
        if (edge.lower is None or edge.lower <= stretch.low) and (edge.upper is None or stretch.high <= edge.upper):
            return slope
    return sum((overlap_of(edge, stretch, all_edges) * slope for edge, slope in bands), ZERO) / stretch.length


def stands(edge: Edge, at: Fraction, includes: str, bands: Sequence[Edge]) -> bool:
    """Whether the band holds the counter; below zero the lowest does."""
    return edge.holds(at, includes) if at > 0 else edge is bands[0]


def overlap_of(edge: Edge, stretch: Stretch, bands: Sequence[Edge]) -> Fraction:
    """How much of a stretch lies in a band."""
    low = stretch.low if edge is bands[0] and not edge.lower else max(stretch.low, edge.lower or ZERO)
    high = stretch.high if edge.upper is None else min(stretch.high, edge.upper)
    return max(ZERO, high - low)
