"""Bands that change nothing: a cap is reached before they begin, or no base comes so far."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rules_engine.check.knowledge.curves import Curve
from rules_engine.check.knowledge.ladders import Drawn, drawn, ladders, same_window
from rules_engine.check.knowledge.numbers import constant, money, number, percent
from rules_engine.check.knowledge.reach import Reach, priced, reach
from rules_engine.check.knowledge.say import say
from rules_engine.check.meaning.environment import Environment
from rules_engine.core.expressions import Band, Ladder
from rules_engine.core.program import Program
from rules_engine.core.units import Unit
from rules_engine.core.walk import unit_of


def tell_capped_tiers(program: Program, env: Environment) -> None:
    """SN1003: the clause's cap is reached below the band."""
    for found in drawn(program):
        for bound in same_window(found.clause):
            cap = constant(bound.amount)
            if bound.side != "most" or cap is None:
                continue
            at = saturated(found.curve, cap)
            dead = [band for band, low in starts(found) if at is not None and low >= at and short_of(found.curve, low) >= cap]
            if at is None or not dead:
                continue
            why = (
                f"{found.base(at)} of {found.named[0]} already pays {money(cap)}, the most there is: from {first(found, dead)} on the bands change nothing.",
                f"{found.named[1]}达到 {found.base(at)} 时已付满上限 {money(cap)}：自 {first(found, dead)} 起各档不再改变金额。",
            )
            fix = ("raise the cap, or delete the bands above it.", "提高上限，或删去其后的各档。")
            marked = [(band.span, ("changes nothing", "不起作用")) for band in dead]
            say("SN1003", env, *marked, (bound.span, ("the cap", "上限")), why=why, fix=fix)


def saturated(curve: Curve, cap: Fraction) -> Fraction | None:
    """The smallest base from which on the amount is never below the cap."""
    at: Fraction | None = None
    end: Fraction | None = None
    for piece in reversed(curve):
        if piece.slope < 0 or (end is None and piece.slope == 0 and piece.start < cap):
            return at
        if end is not None and piece.at(end) < cap:
            return at
        if piece.at(piece.low) < cap:
            return max((cap - piece.start) / piece.slope, piece.low) if piece.slope > 0 else at
        at, end = piece.low, piece.low
    return at


def short_of(curve: Curve, bound: Fraction) -> Fraction:
    """The amount that bases just short of a bound come up to; nothing at zero."""
    lower = [piece for piece in curve if piece.low < bound]
    return lower[-1].at(bound) if lower else Fraction(0)


def starts(found: Drawn) -> Iterator[tuple[Band, Fraction]]:
    """Every band with where it begins."""
    for band in found.ladder.bands:
        low = None if band.lower is None else constant(band.lower, found.scale)
        yield band, low or Fraction(0)


def first(found: Drawn, dead: list[Band]) -> str:
    """Where the first of the bands begins."""
    return found.base(min(low for band, low in starts(found) if band in dead))


def tell_tiers_out_of_reach(program: Program, env: Environment) -> None:
    """SN1003: the number that picks the band cannot come so far."""
    for clause in program.clauses.values():
        found = priced(clause)
        if found is None:
            continue
        picked = found.base if found.qualify is None else found.qualify
        span = reach(picked, program)
        for ladder in ladders(found.price):
            for band in ladder.bands:
                if ladder.reading != "sliding" and beyond(band, ladder, span):
                    limit = shown(span.high, unit_of(picked))
                    say(
                        "SN1003",
                        env,
                        (band.span, ("never reached", "无法达到")),
                        why=(
                            f"the number that picks the band of `{clause.id}` is at most {limit}, by the range its column declares.",
                            f"按列声明的范围，决定“{clause.id}”档位的数值最多为 {limit}。",
                        ),
                        fix=("delete the band, or widen the range of the column.", "删去该档，或放宽该列的范围。"),
                    )


def beyond(band: Band, ladder: Ladder, span: Reach) -> bool:
    """Whether the band begins above everything that can be reached."""
    low = None if band.lower is None else constant(band.lower)
    if low is None or span.high is None:
        return False
    return low > span.high or (low == span.high and ladder.includes == "upper")


def shown(amount: Fraction | None, unit: Unit) -> str:
    """The number as its unit is written."""
    if amount is None:
        return "∞"
    if unit is Unit.MONEY:
        return money(amount)
    return percent(amount) if unit is Unit.PERCENT else number(amount)
