"""Sets of units within one order: every second at half price, buy two get one, any three for 99."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from rules_engine.core.order_promotion import Reduction
from rules_engine.values.exact import as_fraction

NONE = Fraction(0)
Piece = tuple[int, Fraction]
"""The place of a line, and so many of its units."""


@dataclass(frozen=True, slots=True)
class Units:
    """The units of one line: where it stands, how many, what each costs."""

    place: int
    count: Fraction
    price: Fraction


@dataclass(frozen=True, slots=True)
class Cheaper:
    """What a group of goods is cheaper by, and the value of the units in its sets, line by line: what shares it."""

    amount: Fraction
    weights: tuple[Fraction, ...]


def of_sets(reduction: Reduction, lines: Sequence[tuple[Fraction, Fraction, str]]) -> list[Cheaper]:
    """For every group of goods that make sets together. `lines`: what each costs, its units, its sku."""
    groups: dict[str, list[Units]] = {}
    for place, (value, units, sku) in enumerate(lines):
        if units:
            groups.setdefault(sku if reduction.apart else "", []).append(Units(place, units, value / units))
    left = reduction.times
    found = []
    for group in groups.values():
        made, cheaper = _of_group(reduction, group, left, len(lines))
        left = None if left is None else left - made
        found.append(cheaper)
    return found


def _of_group(reduction: Reduction, group: list[Units], most: int | None, width: int) -> tuple[int, Cheaper]:
    row = sorted(group, key=lambda each: each.price if reduction.line_up != "dearest" else -each.price)
    if reduction.line_up == "lowest":
        return _of_the_cheapest(reduction, row, most, width)
    prices = {each.place: each.price for each in row}
    amount, made, weights = NONE, 0, [NONE] * width
    for count, pieces in _sets(row, Fraction(reduction.size)):
        times = count if most is None else min(count, most - made)
        off = _off(reduction, pieces, prices)
        if not off or not times:
            continue
        made, amount = made + times, amount + times * off
        for place, units in pieces:
            weights[place] += times * units * prices[place]
    return made, Cheaper(amount, tuple(weights))


def _sets(row: Sequence[Units], size: Fraction) -> Iterator[tuple[int, list[Piece]]]:
    """Whole sets along the row, and how often each comes; what is left over makes none."""
    opened: list[Piece] = []
    need = size
    for each in row:
        left = each.count
        while left:
            if not opened and left >= size:
                whole = int(left // size)
                yield whole, [(each.place, size)]
                left -= whole * size
                continue
            taken = min(need, left)
            opened.append((each.place, taken))
            left, need = left - taken, need - taken
            if not need:
                yield 1, opened
                opened, need = [], size


def _off(reduction: Reduction, pieces: Sequence[Piece], prices: dict[int, Fraction]) -> Fraction:
    """What one set is cheaper by."""
    if reduction.kind == "set_price":
        value = sum((units * prices[place] for place, units in pieces), NONE)
        return max(NONE, value - as_fraction(reduction.amount))
    cheapest_first = sorted(pieces, key=lambda piece: prices[piece[0]])
    return _got(reduction, [Units(place, units, prices[place]) for place, units in cheapest_first], Fraction(reduction.got))


def _got(reduction: Reduction, cheapest_first: Sequence[Units], wanted: Fraction) -> Fraction:
    """What so many of the cheapest units cost less."""
    off = NONE
    for each in cheapest_first:
        units = min(wanted, each.count)
        wanted -= units
        off += units * _less(reduction, each.price)
    return off


def _less(reduction: Reduction, price: Fraction) -> Fraction:
    amount = as_fraction(reduction.amount)
    return price * (1 - amount) if reduction.kind == "set_share" else max(NONE, price - amount)


def _of_the_cheapest(reduction: Reduction, row: Sequence[Units], most: int | None, width: int) -> tuple[int, Cheaper]:
    """As many sets as the order holds; the cheapest of all its units are got, and all of them share it."""
    sets = int(sum((each.count for each in row), NONE) // reduction.size)
    sets = sets if most is None else min(sets, most)
    weights = [NONE] * width
    for each in row:
        weights[each.place] = each.count * each.price
    return sets, Cheaper(_got(reduction, row, Fraction(sets * reduction.got)), tuple(weights))
