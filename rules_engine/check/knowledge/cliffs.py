"""Bounds where the amount leaps: one more unit of the base raises it at once, or lowers it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import zip_longest

from rules_engine.check.knowledge.curves import Curve, jumps, value
from rules_engine.check.knowledge.ladders import Drawn, against, drawn
from rules_engine.check.knowledge.numbers import cents, constant
from rules_engine.check.knowledge.say import say
from rules_engine.check.meaning.environment import Both, Environment
from rules_engine.core.program import Program
from rules_engine.record import dataclass
from rules_engine.source import Span

LISTED = 4
"""Leaps told of one ladder; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Cliff:
    """At `bound` one more step of the base, from `before` to `after`, moves the amount from `low` to `high` of the curve. A fall is
    made up again from the base `back` on; None where it never is."""

    bound: Fraction
    before: Fraction
    after: Fraction
    amount_before: Fraction
    amount_after: Fraction
    back: Fraction | None = None

    @property
    def falls(self) -> bool:
        """Whether the larger base pays less."""
        return self.amount_after < self.amount_before


def cliffs(curve: Curve, step: Fraction) -> Iterator[Cliff]:
    """Every leap of the curve, rising by base."""
    for place in range(1, len(curve)):
        piece = curve[place]
        if not jumps(curve, place):
            continue
        before, after = (piece.low - step, piece.low) if piece.owns_low else (piece.low, piece.low + step)
        one, two = value(curve, before), value(curve, after)
        back = made_up(curve, place, after, one, step) if two < one else None
        yield Cliff(piece.low, before, after, one, two, back)


def made_up(curve: Curve, place: int, after: Fraction, amount: Fraction, step: Fraction) -> Fraction | None:
    """The smallest base above the bound, in whole steps, that pays the amount again."""
    ends = [piece.low for piece in curve[place + 1 :]]
    for piece, end in zip_longest(curve[place:], ends):
        low = max(piece.low, after)
        reached = low if piece.at(low) >= amount else (amount - piece.start) / piece.slope if piece.slope > 0 else None
        if reached is None or (end is not None and reached > end):
            continue
        first = -(-reached // step) * step
        found = next((base for base in (first, first + step) if value(curve, base) >= amount), None)
        if found is not None:
            return found
    return None


def tell_jumps(program: Program, env: Environment) -> None:
    """SN1001: one more unit raises the amount at once."""
    for found in drawn(program):
        rising = [item for item in cliffs(found.bounded, found.step) if visible(found, item) and not item.falls]
        if rising:
            lines = [jump(found, item) for item in rising[:LISTED]]
            more = len(rising) - len(lines)
            say("SN1001", env, *places(found, rising), why=together(against(found.scale, found.base_unit), lines, more))


def tell_falls(program: Program, env: Environment) -> None:
    """SN1002: one more unit lowers the amount."""
    for found in drawn(program):
        falling = [item for item in cliffs(found.bounded, found.step) if visible(found, item) and item.falls]
        if falling:
            lines = [fall(found, item) for item in falling[:LISTED]]
            more = len(falling) - len(lines)
            say(
                "SN1002",
                env,
                *places(found, falling),
                why=together(against(found.scale, found.base_unit), lines, more),
                fix=(
                    "let only the slice above a bound have the new price: `tiers marginal`; or let each band pay at least what the one before it ends on.",
                    "让新价格只用于超过界限的部分：“阶梯 分段”；或让每一档至少付到前一档的最高金额。",
                ),
            )


def visible(found: Drawn, item: Cliff) -> bool:
    """Whether the leap shows in rounded amounts."""
    return cents(item.amount_before, found.clause.rounding) != cents(item.amount_after, found.clause.rounding)


def jump(found: Drawn, item: Cliff) -> Both:
    """`one more 0.01 of purchases moves …`."""
    name, step = found.named, found.base(found.step)
    one, two = found.shown(item.amount_before), found.shown(item.amount_after)
    return (
        f"at {found.base(item.before)} one more {step} of {name[0]} moves `{found.clause.id}` from {one} to {two}.",
        f"{found.base(item.before)} 时，{name[1]}再多 {step}，“{found.clause.id}”由 {one} 变为 {two}。",
    )


def fall(found: Drawn, item: Cliff) -> Both:
    """The leap down and how far it is to get back."""
    english, chinese = jump(found, item)
    if item.back is None:
        return (
            f"{english} No larger base pays {found.shown(item.amount_before)} again.",
            f"{chinese}此后不再达到 {found.shown(item.amount_before)}。",
        )
    back = found.base(item.back)
    return (
        f"{english}\nBelow {back} every base above the bound pays less than stopping at it.",
        f"{chinese}\n在达到 {back} 之前，超过界限反而不如停在界限上。",
    )


def together(head: Both, lines: list[Both], more: int) -> Both:
    """The lines, and how many are not told."""
    rest = (f"\nand {more} more.", f"\n另有 {more} 处。") if more > 0 else ("", "")
    return head[0] + "\n".join(line[0] for line in lines) + rest[0], head[1] + "\n".join(line[1] for line in lines) + rest[1]


def places(found: Drawn, items: list[Cliff]) -> list[Span | tuple[Span, Both]]:
    """The bands that begin at the leaps told, or the whole ladder."""
    starts = {item.bound for item in items[:LISTED]}
    spans: list[Span | tuple[Span, Both]] = []
    for band in found.ladder.bands:
        low = band_start(found, band.lower)
        if low in starts:
            spans.append((band.span, ("from here", "由此起")))
    return spans or [found.ladder.span]


def band_start(found: Drawn, lower: object) -> Fraction | None:
    """Where a band begins."""
    return None if lower is None else constant(lower, found.scale)
