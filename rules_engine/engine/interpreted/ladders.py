"""Ladders: which bands a value reaches, and what each of them is paid on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from rules_engine.core.expressions import Ladder, Parts
from rules_engine.core.trace import TraceStep
from rules_engine.engine.evaluator import Outcome
from rules_engine.engine.interpreted.along import along_amount
from rules_engine.engine.interpreted.contributions import shares
from rules_engine.engine.interpreted.edges import Edge, edges
from rules_engine.engine.interpreted.parts import Rated, rate, summed
from rules_engine.engine.outcomes import NO_BAND, failure, faulty, number
from rules_engine.engine.scope import Slice, Teller, Told, text, told
from rules_engine.record import replace
from rules_engine.values.exact import as_fraction
from rules_engine.values.rounding import round_to

ZERO = Fraction(0)


def ladder_amount(teller: Teller, ladder: Ladder, part: Slice) -> Told:
    """The slice priced by the ladder. A negative or zero qualifying value stands in the lowest band."""
    if ladder.along:
        return along_amount(teller, ladder, part)
    found = edges(teller, ladder, part)
    if isinstance(found, Outcome):
        return told(ladder.reading, found, part.unit, span=ladder.span)
    if part.each is not None and ladder.reading in ("marginal", "climbing") and part.own and part.base > 0:
        outcome, steps = _stepwise(teller, ladder, found, part)
    else:
        outcome, steps = _reading(teller, ladder, found, part)
    detail = {"qualifier": text(part.qualifier), "includes": ladder.includes}
    return told(ladder.reading, outcome, part.unit, steps, span=ladder.span, detail=detail)


Steps = tuple[Outcome, list[TraceStep]]


def _reading(teller: Teller, ladder: Ladder, bands: Sequence[Edge], part: Slice) -> Steps:
    if ladder.reading == "sliding":
        return _sliding(teller, ladder, bands, part)
    if part.qualifier <= 0:
        return _added(teller, ladder, [(bands[0], part)], part)
    match ladder.reading:
        case "marginal":
            pieces = list(_marginal(bands, part))
            if sum((edge.overlap(part.qualifier) for edge, _ in pieces), ZERO) != part.qualifier:
                return faulty(NO_BAND, detail={"value": text(part.qualifier)}), []
        case "whole":
            pieces = [(edge, part) for edge in bands if edge.holds(part.qualifier, ladder.includes)][:1]
            if not pieces:
                return faulty(NO_BAND, detail={"value": text(part.qualifier)}), []
        case "stacked":
            pieces = [(edge, part) for edge in bands if edge.entered(part.qualifier, ladder.includes)]
        case "climbing":
            pieces = list(_climbing(bands, part, ladder.includes))
        case _:
            raise ValueError(f"unknown reading {ladder.reading}")
    return _added(teller, ladder, pieces, part)


def _marginal(bands: Sequence[Edge], part: Slice) -> Iterator[tuple[Edge, Slice]]:
    """Each band on its slice; a paying base that differs is split as the qualifying one is."""
    for edge in bands:
        overlap = edge.overlap(part.qualifier)
        if overlap:
            yield edge, scaled(part, overlap / part.qualifier, overlap)


def _climbing(bands: Sequence[Edge], part: Slice, includes: str) -> Iterator[tuple[Edge, Slice]]:
    """Passed bands on their upper bound, the band that holds the value on the whole."""
    for edge in bands:
        if edge.passed(part.qualifier, includes):
            assert edge.upper is not None
            yield edge, scaled(part, edge.upper / part.qualifier, edge.upper)
        elif edge.entered(part.qualifier, includes):
            yield edge, part


def scaled(part: Slice, share: Fraction, qualifier: Fraction) -> Slice:
    """A share of the slice."""
    return replace(part, base=part.base * share, qualifier=qualifier, factor=part.factor * share)


def _added(teller: Teller, ladder: Ladder, pieces: Sequence[tuple[Edge, Slice]], part: Slice) -> Steps:
    outcomes, steps = [], []
    for edge, piece in pieces:
        outcome, step = teller.price(ladder.bands[edge.index].price, piece)
        detail = {"lower": text(edge.lower), "upper": text(edge.upper), "slice": text(piece.base), "band": str(edge.index + 1)}
        outcomes.append(outcome)
        steps.append(told("band", outcome, part.unit, (step,), span=ladder.bands[edge.index].span, detail=detail)[1])
    failed = failure(outcomes)
    return (failed or Outcome(sum((number(outcome) for outcome in outcomes), ZERO))), steps


def _stepwise(teller: Teller, ladder: Ladder, bands: Sequence[Edge], part: Slice) -> Steps:
    """Every document is paid the increase it causes in date order, rounded."""
    assert part.each is not None
    each, before, reached, total = part.each, ZERO, ZERO, ZERO
    plain = replace(part, each=None)
    for share in shares(teller, part):
        reached += share
        outcome = Outcome(ZERO) if not reached else _reading(teller, ladder, bands, _upto(plain, reached))[0]
        if outcome.value is None:
            return outcome, []
        total += as_fraction(round_to(number(outcome) - before, each.to, each.mode))
        before = number(outcome)
    steps = _reading(teller, ladder, bands, plain)[1]
    return Outcome(total), steps


def _upto(part: Slice, reached: Fraction) -> Slice:
    return replace(part, base=reached, qualifier=reached, factor=part.factor * reached / part.base)


def _sliding(teller: Teller, ladder: Ladder, bands: Sequence[Edge], part: Slice) -> Steps:
    """The rate on the straight line between two points; outside the points the nearest one's."""
    points = [(edge.lower or ZERO, edge.index) for edge in bands]
    right = next((place for place, (at, _) in enumerate(points) if part.qualifier <= at), len(points) - 1)
    at, index = points[right]
    left_at, left_index = points[right - 1] if right and part.qualifier < at else points[right]
    span = at - left_at
    weight = (part.qualifier - left_at) / span if span else Fraction(0)
    found = _between(teller, ladder, left_index, index, weight, part)
    if isinstance(found, Outcome):
        return found, []
    outcome, step = summed(teller, found, part)
    detail = {"lower": text(left_at), "upper": text(at), "slice": text(part.base), "share": text(weight)}
    return outcome, [told("band", outcome, part.unit, (step,), span=ladder.bands[index].span, detail=detail)[1]]


def _between(teller: Teller, ladder: Ladder, left: int, right: int, weight: Fraction, part: Slice) -> list[Rated] | Outcome:
    """The parts of two points with their amounts interpolated; both points are written alike."""
    ends = [_point(teller, ladder, index, part) for index in (left, right)]
    failed = failure([end for end in ends if isinstance(end, Outcome)])
    if failed is not None:
        return failed
    one, two = (end for end in ends if not isinstance(end, Outcome))
    one, two = _padded(one, two), _padded(two, one)
    return [_mixed(first, second, weight) for first, second in zip(one, two, strict=True)]


def _point(teller: Teller, ladder: Ladder, index: int, part: Slice) -> list[Rated] | Outcome:
    price = ladder.bands[index].price
    if not isinstance(price, Parts):
        raise TypeError("a point of a sliding ladder has a plain price")
    return rate(teller, price, part)


def _padded(mine: list[Rated], other: list[Rated]) -> list[Rated]:
    """A point of `none` is a point of zero."""
    return mine or [replace(item, amount=ZERO, told=replace(item.told, value=ZERO, parts=())) for item in other]


def _mixed(first: Rated, second: Rated, weight: Fraction) -> Rated:
    amount = first.amount + (second.amount - first.amount) * weight
    step = TraceStep("constant", amount, first.unit, parts=(), detail={"share": text(weight)})
    return replace(first, amount=amount, told=step)
