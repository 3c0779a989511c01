"""Prices read straight off the tree: parts, ladders of every reading, rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from rules_engine.syntax import tree
from tests.naive.counters import along
from tests.naive.expressions import in_force, of_window, passes, read_by
from tests.naive.numbers import rounded
from tests.naive.world import AmbiguousError, Ask, Row, World

ZERO = Fraction(0)
Limited = tuple[Fraction, Fraction | None, tree.Price]
"""A band as lower bound, upper bound, price."""


@dataclass(frozen=True)
class Pricing:
    """What a clause pays on: its base, the base that picks the band, and the one column a bare row name speaks of.
    `each` rounds every document's part: (step, mode). `last_day`: the rows in force on the last day price the whole window.
    `highest`: what is best is the highest amount. `continues`: a later ladder goes on where the earlier one stopped."""

    base: tree.Expression | None
    qualify: tree.Expression | None = None
    column: str = ""
    pick: str = "exactly_one"
    each: tuple[Fraction, str] | None = None
    last_day: bool = False
    highest: bool = False
    continues: bool = False


@dataclass(frozen=True)
class Amounts:
    """What a price works on: the paying base, the base that picks the band, how many documents; `free` of a base altogether."""

    base: Fraction
    qualifying: Fraction
    count: int
    free: bool = False


NO_BASE = Amounts(ZERO, ZERO, 0, free=True)


def earned(items: Sequence[tree.Item], pricing: Pricing, ask: Ask, world: World) -> Fraction:
    """What the price pays for this group and window, exact."""
    rows = [item for item in items if isinstance(item, tree.Row)]
    if rows:
        return by_rows(rows, pricing, ask, world)
    price = next(item for item in items if isinstance(item, tree.Value | tree.ValueIf | tree.Ladder))
    return on_documents(price, pricing, ask, world)


def by_rows(rows: Sequence[tree.Row], pricing: Pricing, ask: Ask, world: World) -> Fraction:
    """The base split among the rows, each part priced by its own row."""
    plain = [row for row in rows if not row.at_zero]
    if pricing.base is None:
        chosen = [row for row in plain if holds(row, ask, world) and dated(row, ask) and named(row, pricing, ask)]
        chosen = chosen or [row for row in plain if row.otherwise]
        if len(chosen) != 1:
            raise AmbiguousError(f"{len(chosen)} rows")
        return of_price(chosen[0].price, NO_BASE, ask, world)
    if pricing.continues:
        return going_on(plain, pricing, ask, world)
    if pricing.pick.startswith("best"):
        return by_best(plain, pricing, ask, world)
    takers = [(row, taker(row, plain, pricing, ask, world)) for row in plain]
    check_takers(takers, pricing, ask, world)
    total = ZERO
    for row, takes in takers:
        total += on_documents(row.price, pricing, ask.masked(takes), world)
    return total


def going_on(rows: Sequence[tree.Row], pricing: Pricing, ask: Ask, world: World) -> Fraction:
    """Each ladder on the documents of its own days, from where the documents priced by earlier ladders brought the count."""
    assert pricing.base is not None
    total = reached = ZERO
    for row in sorted(rows, key=lambda row: row.start or date.min):
        own = of_window(pricing.base, ask.masked(lambda document, row=row: in_force(row, world.price_day(document))), world)  # type: ignore[misc]
        before, reached = reached, reached + own
        total += of_price(row.price, Amounts(reached, reached, 0), ask, world) - of_price(row.price, Amounts(before, before, 0), ask, world)
    return total


def by_best(rows: Sequence[tree.Row], pricing: Pricing, ask: Ask, world: World) -> Fraction:
    """Documents that the same rows take go together to the row that is best for the side the field names; what goes to one row is
    priced in one sum, its lumps once."""
    assert pricing.base is not None
    takers = [taker(row, rows, pricing, ask, world) for row in rows]

    def taken_by(document: Row) -> tuple[int, ...]:
        return tuple(index for index, takes in enumerate(takers) if takes(document))

    chosen: dict[tuple[int, ...], int] = {}
    for alike in sorted({taken_by(row) for _, row in read_by(pricing.base, ask, world)}):
        if not alike:
            raise AmbiguousError("no row")
        part = ask.masked(lambda document, alike=alike: taken_by(document) == alike)  # type: ignore[misc]
        amounts = [on_documents(rows[index].price, pricing, part, world) for index in alike]
        chosen[alike] = alike[amounts.index(max(amounts) if pricing.highest else min(amounts))]
    total = ZERO
    for best in sorted(set(chosen.values())):
        part = ask.masked(lambda document, best=best: chosen.get(taken_by(document)) == best)  # type: ignore[misc]
        total += on_documents(rows[best].price, pricing, part, world)
    return total


def check_takers(takers: Sequence[tuple[tree.Row, Callable[[Row], bool]]], pricing: Pricing, ask: Ask, world: World) -> None:
    """Every document of the base belongs to exactly one row, unless the field says otherwise."""
    assert pricing.base is not None
    if pricing.pick == "all":
        return
    for _, document in read_by(pricing.base, ask, world):
        count = sum(1 for _, takes in takers if takes(document))
        if count != 1:
            raise AmbiguousError(f"{document['doc_id']}: {count} rows")


def taker(row: tree.Row, rows: Sequence[tree.Row], pricing: Pricing, ask: Ask, world: World) -> Callable[[Row], bool]:
    """Which documents a row takes; `otherwise` takes what no other row does; `first` leaves earlier rows' documents."""
    if row.otherwise:
        others = [taker(other, rows, pricing, ask, world) for other in rows if not other.otherwise]
        return lambda document: timely(row, document, pricing, ask, world) and not any(other(document) for other in others)
    condition = holds(row, ask, world)
    earlier: list[Callable[[Row], bool]] = []
    if pricing.pick == "first":
        earlier = [taker(other, rows, pricing, ask, world) for other in rows[: rows.index(row)] if not other.otherwise]

    def takes(document: Row) -> bool:
        names = [name.id for name in row.names]
        fits = not names or world.group_value(document, pricing.column) in names
        fits = fits and passes(row.where, document, world) and timely(row, document, pricing, ask, world)
        return fits and condition and not any(other(document) for other in earlier)

    return takes


def timely(row: tree.Row, document: Row, pricing: Pricing, ask: Ask, world: World) -> bool:
    """Whether the row's days take a document: those of its own price day, or the window's last day."""
    return dated(row, ask) if pricing.last_day else in_force(row, world.price_day(document))


def holds(row: tree.Row, ask: Ask, world: World) -> bool:
    """The row's condition on the clause's window and group."""
    return row.when is None or bool(of_window(row.when, ask, world))


def dated(row: tree.Row, ask: Ask) -> bool:
    """Whether a row is in force on the last day of the window so far."""
    return in_force(row, min(ask.end, ask.upto) - timedelta(days=1))


def named(row: tree.Row, pricing: Pricing, ask: Ask) -> bool:
    """Without a base the group itself is what a bare name speaks of."""
    if row.otherwise:
        return False
    here = dict(zip(ask.per, ask.group, strict=True)).get(pricing.column, "")
    return not row.names or here in [name.id for name in row.names]


def on_documents(price: tree.Price, pricing: Pricing, ask: Ask, world: World) -> Fraction:
    """One price on the documents the question lets through."""
    if pricing.base is None:
        return of_price(price, NO_BASE, ask, world)
    if isinstance(price, tree.Ladder) and price.along:
        return along(price, pricing.base, ask, world)
    base = of_window(pricing.base, ask, world)
    if pricing.each is not None:
        return document_by_document(price, pricing, ask, world)
    qualifying = base if pricing.qualify is None else of_window(pricing.qualify, ask, world)
    count = count_documents(pricing.base, ask, world)
    return of_price(price, Amounts(base, qualifying, count), ask, world)


def document_by_document(price: tree.Price, pricing: Pricing, ask: Ask, world: World) -> Fraction:
    """Every document's part rounded, then added; so is what no document stands behind."""
    assert pricing.base is not None
    assert pricing.each is not None
    total, rest, done = ZERO, of_window(pricing.base, ask, world), set[int]()
    for _, row in read_by(pricing.base, ask, world):
        if id(row) in done:
            continue
        done.add(id(row))
        part = of_window(pricing.base, ask.masked(lambda other, here=row: other is here), world)  # type: ignore[misc]
        total += rounded(of_price(price, Amounts(part, part, 1), ask, world), *pricing.each)
        rest -= part
    return total + rounded(of_price(price, Amounts(rest, rest, 0), ask, world), *pricing.each)


def count_documents(base: tree.Expression, ask: Ask, world: World) -> int:
    """How many documents a base rests on; one that comes to nothing, or went back whole, does not count."""
    roots = {world.root(row)["doc_id"] for _, row in read_by(base, ask, world)}
    parts = [of_window(base, ask.masked(lambda row, of=root: world.root(row)["doc_id"] == of), world) for root in roots]  # type: ignore[misc]
    return sum(1 for part in parts if part > 0)


def of_price(price: tree.Price, on: Amounts, ask: Ask, world: World) -> Fraction:
    """A price on an amount. Nothing is due on a zero base."""
    if on.base == 0 and not on.free:
        zero = at_zero(price)
        return ZERO if zero is None else of_price(zero, replace(on, free=True), ask, world)
    match price:
        case tree.Value():
            return of_value(price, on, ask, world)
        case tree.ValueIf(condition=condition, then=then, otherwise=otherwise):
            return of_price(then if of_window(condition, ask, world) else otherwise, on, ask, world)
        case tree.Ladder():
            return of_ladder(price, on, ask, world)
        case _:
            raise NotImplementedError(type(price).__name__)


def at_zero(price: tree.Price) -> tree.Price | None:
    """The band that answers a zero base."""
    if isinstance(price, tree.Ladder):
        return next((band.price for band in price.bands if band.style == "at_zero"), None)
    return None


def of_value(value: tree.Value, on: Amounts, ask: Ask, world: World) -> Fraction:
    """Parts added, then floor and cap; a negative base pays neither lumps, nor money a document, nor floors."""
    total = sum((of_part(part, on, ask, world) for part in value.parts), ZERO)
    if value.at_least is not None and on.base >= 0:
        total = max(total, of_value(value.at_least, on, ask, world))
    if value.at_most is not None and on.base >= 0:
        total = min(total, of_value(value.at_most, on, ask, world))
    return total


def of_part(part: tree.Part, on: Amounts, ask: Ask, world: World) -> Fraction:
    """One summand."""
    if part.kind == "none" or part.amount is None:
        return ZERO
    amount = Fraction(of_window(part.amount, ask, world))
    match part.kind:
        case "rate":
            return amount * on.base
        case "per" if part.unit == "document":
            return ZERO if on.base < 0 else amount * on.count
        case "per":
            return amount * steps(on.base / Fraction(part.count), part.step)
        case "lump" | "formula":
            return ZERO if on.base < 0 else amount
        case _:
            raise NotImplementedError(part.kind)


def steps(exact: Fraction, step: str) -> Fraction:
    """Started units count whole, full units only when full; a negative base mirrors."""
    sign = -1 if exact < 0 else 1
    match step:
        case "started":
            return Fraction(sign * ceil(abs(exact)))
        case "full":
            return Fraction(sign * floor(abs(exact)))
        case _:
            return exact


def limits(bands: Sequence[tree.Band], ask: Ask, world: World) -> list[Limited]:
    """Every band as (lower, upper, price)."""
    real = [band for band in bands if band.style not in ("at_zero", "at")]
    found: list[Limited] = []
    lower = ZERO
    for index, band in enumerate(real):
        assert band.bound is not None
        bound = Fraction(of_window(band.bound, ask, world))
        if band.style in ("up_to", "below"):
            found.append((lower, bound, band.price))
            lower = bound
            continue
        above = real[index + 1].bound if index + 1 < len(real) else None
        upper = None if above is None else Fraction(of_window(above, ask, world))
        found.append((bound, upper, band.price))
        lower = bound
    return found


def of_ladder(ladder: tree.Ladder, on: Amounts, ask: Ask, world: World) -> Fraction:
    """A ladder in its reading."""
    if ladder.reading == "sliding":
        return sliding(ladder, on.qualifying, ask, world) * on.base
    bands = limits(ladder.bands, ask, world)
    includes_upper = any(band.style in ("up_to", "over") for band in ladder.bands)

    def pay(price: tree.Price, amount: Fraction) -> Fraction:
        return of_price(price, Amounts(amount, amount, on.count), ask, world)

    if on.qualifying < 0 or on.base < 0:
        return pay(bands[0][2], on.base)
    here = [band for band in bands if band[0] < on.qualifying or (not includes_upper and band[0] == on.qualifying)]
    if not here and bands[0][0] == 0:
        here = bands[:1]
    if not here:
        return ZERO
    match ladder.reading:
        case "marginal":
            return marginal(here, on, pay)
        case "whole":
            return pay(here[-1][2], on.base)
        case "stacked":
            return sum((pay(price, on.base) for _, _, price in here), ZERO)
        case "climbing":
            passed = [pay(price, upper) for _, upper, price in here[:-1] if upper is not None]
            return sum(passed, ZERO) + pay(here[-1][2], on.base)
        case _:
            raise NotImplementedError(ladder.reading)


def marginal(here: Sequence[Limited], on: Amounts, pay: Callable[[tree.Price, Fraction], Fraction]) -> Fraction:
    """Each band on its slice; where another base picks the bands, the paying one is cut in its proportion."""
    if on.qualifying == 0:
        return pay(here[0][2], on.base)
    total = ZERO
    for lower, upper, price in here:
        slice_ = (on.qualifying if upper is None else min(on.qualifying, upper)) - lower
        total += pay(price, on.base * slice_ / on.qualifying)
    return total


def sliding(ladder: tree.Ladder, qualifying: Fraction, ask: Ask, world: World) -> Fraction:
    """The rate on the straight line between the points around; outside them the nearest point's."""
    points = []
    for band in ladder.bands:
        if band.style == "at":
            assert band.bound is not None
            assert isinstance(band.price, tree.Value)
            amount = band.price.parts[0].amount
            rate = ZERO if amount is None else Fraction(of_window(amount, ask, world))
            points.append((Fraction(of_window(band.bound, ask, world)), rate))
    if qualifying <= points[0][0]:
        return points[0][1]
    for (left, low), (right, high) in pairwise(points):
        if qualifying <= right:
            return low + (high - low) * (qualifying - left) / (right - left)
    return points[-1][1]
