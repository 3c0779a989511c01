"""Ladders along a counter: every document is walked in the order in which it was first settled, and keeps what it took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from rules_engine.syntax import tree
from tests.naive.expressions import number, of_document, of_window, passes, read_by
from tests.naive.fields import first, names_in, window_of
from tests.naive.terms import WindowTerms
from tests.naive.windows import Span, windows
from tests.naive.world import Ask, Row, World

ZERO = Fraction(0)


@dataclass(frozen=True)
class Piece:
    """A stretch of a counter that a document took, or gave back; `reached` is where the counter stood after it was taken."""

    low: Fraction
    high: Fraction
    reached: Fraction


@dataclass(frozen=True)
class Walk:
    """What a document did to a counter: the pieces it took or gave back, and from where to where the counter went."""

    pieces: tuple[Piece, ...]
    before: Fraction
    after: Fraction


def walked(block: tree.Block, world: World) -> dict[int, Walk]:
    """What every document did to a counter, by identity of its row."""
    formula = first(block, "formula")
    assert formula is not None
    moving = formula.items[0]
    assert isinstance(moving, tree.Aggregate)
    own, tiles = names_in(block, "per"), restarts(block, world)
    begins = first(block, "starts")
    stands: dict[tuple[Span, tuple[str, ...]], Fraction] = {}
    kept: dict[int, list[Piece]] = {}
    found: dict[int, Walk] = {}
    for row, sign in sorted(moved_by(moving, world), key=lambda pair: order(pair[0], world)):
        tile = next((each for each in tiles if each[0] <= world.clock(row, ()) < each[1]), None)
        if tile is None:
            continue
        place = (tile, tuple(world.group_value(row, column) for column in own))
        opening = number(begins.items[0]) if begins is not None and tile == tiles[0] else ZERO  # type: ignore[arg-type]
        before = stands.get(place, opening)
        amount = sign * (Fraction(1) if moving.item is None else Fraction(of_document(moving.item, row, world)))
        stands[place] = before + amount
        if amount < 0:
            pieces = given_back(row, -amount, before + amount, kept, world)
        else:
            pieces = (Piece(before, before + amount, before + amount),)
            kept[id(row)] = [pieces[0]] if amount else []
        found[id(row)] = Walk(pieces, before, before + amount)
    return found


def restarts(block: tree.Block, world: World) -> tuple[Span, ...]:
    """The windows in which a counter begins at nothing again; the whole term where it never does."""
    found = first(block, "restarts")
    terms = None if found is None else window_of(found.items, WindowTerms("month"))
    return windows(terms.kind, *world.term, year_start=world.year_start) if terms is not None else (world.term,)


def moved_by(moving: tree.Aggregate, world: World) -> list[tuple[Row, int]]:
    """The documents that move a counter, and which way; one that the filter leaves out does not."""
    signs = {**{world.type_of(name.id): 1 for name in moving.over}, **{world.type_of(name.id): -1 for name in moving.less}}
    return [
        (row, signs[row["type"]] if passes(moving.where, row, world) else 0)
        for row in world.rows
        if row["type"] in signs
    ]


def order(row: Row, world: World) -> tuple[object, ...]:
    """The settlement that first saw a document, then its day, id and line."""
    seen = max(row["date"], row.get("known_on") or row["date"])
    return sum(1 for start in world.settlements if start <= seen), world.clock(row, ()), row["doc_id"], row["line_no"], row["type"]


def given_back(row: Row, amount: Fraction, after: Fraction, kept: dict[int, list[Piece]], world: World) -> tuple[Piece, ...]:
    """What a return gives back: its original's own pieces from the top, then the last stretch of the counter."""
    found: list[Piece] = []
    origin = world.original(row)
    while origin is not None:
        own = kept.get(id(origin), [])
        while own and amount:
            top = own.pop()
            cut = max(top.low, top.high - amount)
            found.append(Piece(cut, top.high, top.reached))
            own += [Piece(top.low, cut, top.reached)] if cut > top.low else []
            amount -= top.high - cut
        origin = world.original(origin)
    return (*found, Piece(after, after + amount, after + amount)) if amount else tuple(found)


def along(ladder: tree.Ladder, base: tree.Expression, ask: Ask, world: World) -> Fraction:
    """Every document of the base on its own stretches, at the prices of the bands these lie in."""
    counter = world.counters[ladder.along]
    if ladder.along not in world.walks:
        world.walks[ladder.along] = walked(counter, world)
    bands = edges(ladder, ask, world)
    total = ZERO
    for row in {id(row): row for _, row in read_by(base, ask, world)}.values():
        part = Fraction(of_window(base, ask.masked(lambda other, here=row: other is here), world))  # type: ignore[misc]
        walk = world.walks[ladder.along].get(id(row))
        if walk is not None:
            total += of_walk(ladder, bands, part, walk)
    return total


Edge = tuple[Fraction, Fraction | None, tree.Value]


def edges(ladder: tree.Ladder, ask: Ask, world: World) -> list[Edge]:
    """Every band with where it begins and ends."""
    found: list[Edge] = []
    below = ZERO
    for index, band in enumerate(ladder.bands):
        assert band.bound is not None
        assert isinstance(band.price, tree.Value)
        bound = Fraction(of_window(band.bound, ask, world))
        if band.style in ("up_to", "below"):
            found.append((below, bound, band.price))
        else:
            above = ladder.bands[index + 1].bound if index + 1 < len(ladder.bands) else None
            found.append((bound, None if above is None else Fraction(of_window(above, ask, world)), band.price))
        below = bound
    return found


def of_walk(ladder: tree.Ladder, bands: Sequence[Edge], base: Fraction, walk: Walk) -> Fraction:
    """One document: each piece its share of the base in the bands it lies in, and what a band pays once when it is entered."""
    upper = any(band.style in ("up_to", "over") for band in ladder.bands)
    moved = sum((piece.high - piece.low for piece in walk.pieces), ZERO)
    total = ZERO
    for piece in walk.pieces:
        share = base * (piece.high - piece.low) / moved if moved else base
        if ladder.reading == "whole" or not moved:
            holding = [price for index, (low, _, price) in enumerate(bands) if index == 0 or reaches(low, piece.reached, upper)]
            total += proportional(holding[-1], share)
            continue
        for index, (low, high, price) in enumerate(bands):
            start = piece.low if index == 0 else max(piece.low, low)
            end = piece.high if high is None else min(piece.high, high)
            total += proportional(price, share * max(ZERO, end - start) / (piece.high - piece.low))
    for low, _, price in bands:
        total += once(price) * (reaches(low, walk.after, upper) - reaches(low, walk.before, upper))
    return total


def reaches(low: Fraction, at: Fraction, upper: bool) -> bool:
    """Whether a counter stands in or above a band; the lowest is entered with the first unit."""
    return at > low if upper or low == 0 else at >= low


def proportional(price: tree.Value, base: Fraction) -> Fraction:
    """The percentages and unit prices of a price on a part of a document."""
    total = ZERO
    for part in price.parts:
        if part.amount is not None and part.kind in ("rate", "per"):
            assert isinstance(part.amount, tree.Number)
            total += number(part.amount) * (base if part.kind == "rate" else base / Fraction(part.count))
    return total


def once(price: tree.Value) -> Fraction:
    """The money alone of a price."""
    return sum((number(part.amount) for part in price.parts if part.kind == "lump" and isinstance(part.amount, tree.Number)), ZERO)
