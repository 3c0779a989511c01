"""What a price pays as an exact function of its base: straight pieces, and at every bound the side it belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from rules_engine.check.knowledge.numbers import Scale, constant
from rules_engine.core.expressions import Band, Ladder, Parts, Price, Table
from rules_engine.record import dataclass

ZERO = Fraction(0)
LARGEST = 200
"""Bands of the largest ladder that is analysed."""


class Unknown(Exception):
    """The price cannot be drawn from the text alone."""


@dataclass(frozen=True, slots=True)
class Piece:
    """From `low` (its own only where `owns_low`) up to the next piece's: `start + slope × base`."""

    low: Fraction
    owns_low: bool
    start: Fraction
    slope: Fraction

    def at(self, base: Fraction) -> Fraction:
        """The amount this line gives, inside the piece or not."""
        return self.start + self.slope * base


Curve = tuple[Piece, ...]
"""The pieces over all bases above zero, rising; the last one is open."""


def line(slope: Fraction, start: Fraction = ZERO) -> Curve:
    """One straight piece."""
    return (Piece(ZERO, False, start, slope),)


def value(curve: Curve, base: Fraction) -> Fraction:
    """The amount at a base; nothing at zero and below."""
    if base <= 0:
        return ZERO
    return next(item for item in reversed(curve) if base > item.low or (base == item.low and item.owns_low)).at(base)


def price_curve(price: Price, scale: Scale) -> Curve:
    """The amount of a price over its base; `Unknown` where parts of it are not in the text."""
    match price:
        case Parts():
            return parts_curve(price, scale)
        case Ladder():
            return ladder_curve(price, scale)
        case Table():
            raise Unknown


def parts_curve(parts: Parts, scale: Scale) -> Curve:
    """The sum of the parts between floor and cap."""
    slope, start = ZERO, ZERO
    for part in parts.parts:
        amount = constant(part.amount, scale)
        match part.kind:
            case "rate" if amount is not None:
                slope += amount
            case "per" if amount is not None and part.step == "exact":
                slope += amount / Fraction(part.count)
            case "lump" if amount is not None:
                start += amount
            case _:
                raise Unknown
    curve = line(slope, start)
    if parts.floor is not None:
        curve = extreme(curve, parts_curve(parts.floor, scale), highest=True)
    if parts.cap is not None:
        curve = extreme(curve, parts_curve(parts.cap, scale), highest=False)
    return curve


def ladder_curve(ladder: Ladder, scale: Scale) -> Curve:
    """The bands' own curves, put together as the ladder is read."""
    if ladder.reading == "sliding" or len(ladder.bands) > LARGEST:
        raise Unknown
    if ladder.reading == "stacked":
        return added([reached(band, ladder, scale) for band in ladder.bands])
    first = bound(ladder.bands[0].lower, scale) or ZERO
    pieces, passed = list(before(first)), ZERO
    for band in ladder.bands:
        inside, left = share(band, ladder, scale)
        pieces += [replace(piece, start=piece.start + passed) for piece in inside]
        passed += left
    return simplified(pieces)


def reached(band: Band, ladder: Ladder, scale: Scale) -> Curve:
    """A band that is paid on everything once it is reached."""
    low = max(bound(band.lower, scale) or ZERO, ZERO)
    return (*before(low), *clipped(price_curve(band.price, scale), low, None, ladder.includes == "lower"))


def share(band: Band, ladder: Ladder, scale: Scale) -> tuple[Curve, Fraction]:
    """What one band pays on a base inside it, and what it leaves to be paid on every base above it."""
    low, high = max(bound(band.lower, scale) or ZERO, ZERO), bound(band.upper, scale)
    own, owns = price_curve(band.price, scale), ladder.includes == "lower"
    match ladder.reading:
        case "whole":
            return clipped(own, low, high, owns), ZERO
        case "climbing":
            return clipped(own, low, high, owns), ZERO if high is None else value(own, high)
        case "marginal":
            width = None if high is None else high - low
            inside = tuple(shifted(piece, low) for piece in clipped(own, ZERO, width, owns=False))
            return inside, ZERO if width is None else value(own, width)
        case _:
            raise Unknown


def bound(expression: object, scale: Scale) -> Fraction | None:
    """A band's bound as a number, None where it is open."""
    if expression is None:
        return None
    found = constant(expression, scale)
    if found is None:
        raise Unknown
    return found


def before(low: Fraction) -> Curve:
    """Nothing below the band."""
    return line(ZERO) if low > 0 else ()


def clipped(curve: Curve, low: Fraction, high: Fraction | None, owns: bool) -> Curve:
    """The part of the curve above `low` and up to `high`."""
    first = max((place for place, piece in enumerate(curve) if piece.low <= low), default=0)
    inside = [replace(curve[first], low=low, owns_low=owns and low > 0), *curve[first + 1 :]]
    return tuple(piece for piece in inside if high is None or piece.low < high)


def shifted(piece: Piece, by: Fraction) -> Piece:
    """The piece as a function of a base that is larger by `by`."""
    return Piece(piece.low + by, piece.owns_low, piece.start - piece.slope * by, piece.slope)


def added(curves: Sequence[Curve]) -> Curve:
    """The sum of curves."""
    return simplified(
        Piece(low, owns, sum((item.start for item in items), ZERO), sum((item.slope for item in items), ZERO))
        for low, owns, items in aligned(curves)
    )


def extreme(one: Curve, two: Curve, highest: bool) -> Curve:
    """At every base the larger (or smaller) amount of two curves."""
    pick = max if highest else min
    pieces: list[Piece] = []
    rows = list(aligned((one, two)))
    for place, (low, owns, (first, second)) in enumerate(rows):
        end = rows[place + 1][0] if place + 1 < len(rows) else None
        cuts = [low, *crossing(first, second, low, end)]
        for cut, following in zip(cuts, [*cuts[1:], end], strict=True):
            middle = cut + 1 if following is None else (cut + following) / 2
            better = pick((first, second), key=lambda item, at=middle: item.at(at))  # type: ignore[misc]
            pieces.append(Piece(cut, owns and cut == low, better.start, better.slope))
    return simplified(pieces)


def crossing(one: Piece, two: Piece, low: Fraction, high: Fraction | None) -> list[Fraction]:
    """Where two lines meet inside the open stretch."""
    if one.slope == two.slope:
        return []
    at = (two.start - one.start) / (one.slope - two.slope)
    return [at] if at > low and (high is None or at < high) else []


def aligned(curves: Sequence[Curve]) -> Iterable[tuple[Fraction, bool, tuple[Piece, ...]]]:
    """The curves cut at the same bounds; curves that give a bound to different sides cannot be put together."""
    lows = sorted({piece.low for curve in curves for piece in curve})
    places = [0] * len(curves)
    for low in lows:
        owners = set()
        for index, curve in enumerate(curves):
            while places[index] + 1 < len(curve) and curve[places[index] + 1].low <= low:
                places[index] += 1
                if jumps(curve, places[index]):
                    owners.add(curve[places[index]].owns_low)
        if len(owners) > 1:
            raise Unknown
        yield low, owners == {True}, tuple(curve[place] for curve, place in zip(curves, places, strict=True))


def jumps(curve: Curve, place: int) -> bool:
    """Whether the amount leaps where the piece begins."""
    return place > 0 and curve[place - 1].at(curve[place].low) != curve[place].at(curve[place].low)


def simplified(pieces: Iterable[Piece]) -> Curve:
    """Neighbours on the same line become one piece."""
    found: list[Piece] = []
    for piece in pieces:
        if not found or (found[-1].start, found[-1].slope) != (piece.start, piece.slope):
            found.append(piece)
    return tuple(found)


def highest(curve: Curve, low: Fraction, high: Fraction | None) -> Fraction | None:
    """The largest amount, approached or reached, for bases from `low` to `high`; None without end."""
    amounts = [ZERO] if low <= 0 else []
    for piece, following in zip(curve, [*curve[1:], None], strict=True):
        end = high if following is None else following.low if high is None else min(high, following.low)
        begin = max(piece.low, low)
        if end is not None and begin > end:
            continue
        if end is None and piece.slope > 0:
            return None
        amounts.append(piece.at(begin))
        amounts.append(piece.at(begin if end is None else end))
    return max(amounts)
