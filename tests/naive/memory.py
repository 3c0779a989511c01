"""What remembers, in a few plain lines each: judgements, exceptions, values that documents change, what is given back, price cuts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

from rules_engine.syntax import tree
from tests.naive.expressions import of_document, of_window, read_by
from tests.naive.numbers import rounded
from tests.naive.terms import ClauseTerms, Earn
from tests.naive.windows import Span
from tests.naive.world import AmbiguousError, Ask, Row, World

ZERO = Fraction(0)


def excepted(own: Earn, others: Sequence[tuple[tree.Block, tree.Expression, tuple[str, ...], Earn]]) -> Earn:
    """The clause's own arithmetic, unless exactly one exception that no other holding one outranks takes its place."""

    def earn(ask: Ask, world: World) -> Fraction:
        holding = [each for each in others if of_window(each[1], ask, world)]
        outranked = {name for _, _, names, _ in holding for name in names}
        left = [other for block, _, _, other in holding if block.id not in outranked]
        if len(left) > 1:
            raise AmbiguousError(f"{len(left)} exceptions")
        return (left[0] if left else own)(ask, world)

    return earn


def given_back(taker: ClauseTerms, over: Sequence[str], quantity: tree.Expression, step: tuple[Fraction, str]) -> Earn:
    """What the clause took, times the part of its quantity that came back: after each return less before it, both rounded."""

    def earn(ask: Ask, world: World) -> Fraction:
        assert world.units is not None
        total = ZERO
        for group, window, took in world.units(taker.id):
            parts = returned(taker, over, quantity, step, (group, window, took), world) if group == ask.group else ()
            total += sum((part for day, part in parts if ask.start <= day < min(ask.end, ask.upto)), ZERO)
        return total

    return earn


def returned(
    taker: ClauseTerms, over: Sequence[str], quantity: tree.Expression, step: tuple[Fraction, str],
    unit: tuple[tuple[str, ...], Span, Fraction], world: World,
) -> Iterator[tuple[date, Fraction]]:  # fmt: skip
    """What each returned document gives back of one group and window, with its day."""
    group, window, took = unit
    charged = [row for _, row in read_by(taker.bases[0], Ask(taker.per, group, *window, window[1]), world)]
    whole = sum((Fraction(of_document(quantity, row, world)) for row in charged), ZERO)
    types = [world.type_of(name) for name in over]
    mine = [row for row in world.rows if row["type"] in types and belongs(row, charged, taker, group, window, world)]
    gone = back = ZERO
    for row in sorted(mine, key=lambda row: (world.clock(row, ()), row["doc_id"], row["line_no"])):
        gone += Fraction(of_document(quantity, row, world))
        share = min(max(gone / whole, ZERO), Fraction(1)) if whole > 0 else ZERO
        total = rounded(took * share, *step)
        yield row["date"], total - back
        back = total


def belongs(row: Row, charged: Sequence[Row], taker: ClauseTerms, group: tuple[str, ...], window: Span, world: World) -> bool:
    """Whether a returned document gives back of this unit: its original was charged there, or its own day and group say so."""
    origin = world.original(row)
    if origin is not None:
        return any(origin is each for each in charged)
    own = tuple(world.group_value(row, column) for column in taker.per)
    return window[0] <= row["date"] < window[1] and own == group


def price_cuts(units: str, both_ways: bool) -> Earn:
    """So much a unit as the price fell, for the units in stock on the day."""

    def earn(ask: Ask, world: World) -> Fraction:
        total = ZERO
        for row in world.rows:
            if row["type"] == "price_adjustment" and world.seen(row, ask):
                fell = row["old_price"] - row["new_price"]
                total += (fell if both_ways else max(ZERO, fell)) * row[units]
        return total

    return earn
