"""Sliding ladders whose rate falls so fast that more of the base pays less."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from rules_engine.check.knowledge.ladders import against, base_name, ladders
from rules_engine.check.knowledge.named_steps import price_rates
from rules_engine.check.knowledge.numbers import PLAIN, Scale, constant, money, scale_of
from rules_engine.check.knowledge.reach import priced
from rules_engine.check.knowledge.say import say
from rules_engine.check.meaning.environment import Both, Environment
from rules_engine.core.expressions import Ladder, Parts
from rules_engine.core.program import Clause, Program
from rules_engine.core.units import Unit
from rules_engine.core.walk import unit_of
from rules_engine.record import dataclass

Point = tuple[Fraction, Fraction]
"""A base and the rate there."""


@dataclass(frozen=True, slots=True)
class Slope:
    """From the base `top` to `bottom` more pays less; from `back` on the amount at the top is paid again, None where that is not said."""

    top: Fraction
    bottom: Fraction
    most: Fraction
    least: Fraction
    back: Fraction | None


def tell_sliding_falls(program: Program, env: Environment) -> None:
    """SN1002: between two points the rate falls faster than the base grows."""
    for clause in program.clauses.values():
        found = priced(clause)
        if found is None or found.qualify is not None or unit_of(found.base) is not Unit.MONEY:
            continue
        for ladder in ladders(found.price):
            scale = scale_of(ladder) or PLAIN
            written = points(ladder, scale) if ladder.reading == "sliding" else []
            for item in slopes(written):
                report(clause, ladder, item, base_name(found.base), against(scale, Unit.MONEY), env)


def points(ladder: Ladder, scale: Scale) -> list[Point]:
    """The points of the ladder; none where a base or a rate is not a plain number."""
    found: list[Point] = []
    for band in ladder.bands:
        at = None if band.lower is None else constant(band.lower, scale)
        rates = list(price_rates(band.price))
        empty = isinstance(band.price, Parts) and not band.price.parts
        if at is None or (len(rates) != 1 and not empty):
            return []
        found.append((at, Fraction(0) if empty else rates[0]))
    return found


def amount(one: Point, two: Point, base: Fraction) -> Fraction:
    """What a base between two points pays."""
    return base * (one[1] + (two[1] - one[1]) * (base - one[0]) / (two[0] - one[0]))


def slopes(written: list[Point]) -> Iterator[Slope]:
    """Every stretch on which the amount falls."""
    for place, (one, two) in enumerate(pairwise(written), start=2):
        steepness = (two[1] - one[1]) / (two[0] - one[0])
        if steepness >= 0:
            continue
        top = max(one[0], (one[0] - one[1] / steepness) / 2)
        if top >= two[0]:
            continue
        most, last = amount(one, two, top), place == len(written)
        yield Slope(top, two[0], most, amount(one, two, two[0]), most / two[1] if last and two[1] > 0 else None)


def report(clause: Clause, ladder: Ladder, item: Slope, name: Both, head: Both, env: Environment) -> None:
    """The stretch with both amounts, and the way back."""
    top, bottom = money(item.top), money(item.bottom)
    most, least = money(item.most, clause.rounding), money(item.least, clause.rounding)
    back = ("", "")
    if item.back is not None:
        again = money(item.back)
        back = (f"\nFrom {again} on {most} is paid again.", f"\n自 {again} 起才再付到 {most}。")
    say(
        "SN1002",
        env,
        ladder.span,
        why=(
            f"{head[0]}between {top} and {bottom} of {name[0]} more pays less: `{clause.id}` falls from {most} to {least}.{back[0]}",
            f"{head[1]}{name[1]}在 {top} 与 {bottom} 之间越多付得越少：“{clause.id}”由 {most} 降到 {least}。{back[1]}",
        ),
        fix=("let the rates rise, or fall more slowly.", "让点位上升，或放缓下降。"),
    )
