"""Interval analysis of bands: overlaps, gaps and bounds out of order, proven before any document is read."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise

from rules_engine.check.meaning.environment import Both, Environment
from rules_engine.check.meaning.wording import plain, written
from rules_engine.check.written.tier_reading import refuse_missing_reading
from rules_engine.core.expressions import Arithmetic, Constant, Expression
from rules_engine.source import Span
from rules_engine.syntax import tree

STYLES = ({"up_to", "over"}, {"below", "from"}, {"at"})
ENDS = ("up_to", "below")
NUMBER = re.compile(r"\d[\d,.]*[万亿]*%?")


def size(bound: Expression) -> tuple[Decimal, object] | None:
    """A bound as (number, of what): comparable with bounds of the same thing."""
    match bound:
        case Constant(value=Decimal() as value):
            return value, None
        case Arithmetic(op="*", operands=(Constant(value=Decimal() as value), rest)):
            return value, rest
        case _:
            return None


def check_bands(node: tree.Ladder, bands: tuple[tree.Band, ...], bounds: tuple[Expression, ...], env: Environment) -> None:
    """Report a missing reading, mixed bound styles, bands out of order, overlaps and gaps."""
    if not node.reading:
        refuse_missing_reading(node, bands, bounds, env)
    check_bounds(bands, bounds, env)


def check_bounds(bands: tuple[tree.Band, ...], bounds: tuple[Expression, ...], env: Environment) -> None:
    """Report mixed bound styles, bands out of order, overlaps and gaps."""
    styles = {band.style for band in bands}
    if not any(styles <= allowed for allowed in STYLES):
        env.refuse(
            "SE0211",
            *(band.span for band in bands),
            why=(
                "`up to`/`over` put the bound into the lower band, `below`/`from` into the upper one; mixed, a base on a bound has no single band.",
                "“不超过/超过”把边界归下档，“不满/自”归上档；混用时，恰在边界上的基数没有唯一的档位。",
            ),
            fix=(
                "write `up to` with `over`, or `below` with `from`, all the way.",
                "全部用“不超过”配“超过”，或全部用“不满”配“自”。",
            ),
        )
    sizes = [size(bound) for bound in bounds]
    neighbours = [
        (one, low[0], two, high[0])
        for (one, low), (two, high) in pairwise(zip(bands, sizes, strict=True))
        if low is not None and high is not None and low[1] == high[1]
    ]
    if [pair for pair in neighbours if not rising(*pair, env)]:
        return
    for pair in neighbours:
        check_meeting(*pair, env)
    check_ends(bands, bounds, env)


def meeting(one: tree.Band, two: tree.Band) -> bool:
    """Whether the first band says where it ends and the second where it starts."""
    return one.style in ENDS and two.style not in ENDS


def shown(band: tree.Band, value: Decimal, env: Environment) -> str:
    """Another value written as the band's bound is: `1,200,000`, `104% of baseline`."""
    text = written(band.bound.span, env) if band.bound else ""
    found = NUMBER.search(text)
    if found is None:
        return plain(value)
    number = f"{plain(value * 100)}%" if found.group().endswith("%") else plain(value)
    return text[: found.start()] + number + text[found.end() :]


def bound_places(one: tree.Band, low: str, two: tree.Band, high: str) -> tuple[tuple[Span, Both], tuple[Span, Both]]:
    """Both bands with their bounds."""
    return (
        (one.span, (f"this band's bound is {low}", f"这一档的边界是 {low}")),
        (two.span, (f"this band's bound is {high}", f"这一档的边界是 {high}")),
    )


def rising(one: tree.Band, low: Decimal, two: tree.Band, high: Decimal, env: Environment) -> bool:
    """Whether the second band lies above the first; reported where it does not."""
    if meeting(one, two) or high > low:
        return True
    first, second = shown(one, low, env), shown(two, high, env)
    env.note(
        "SE0208",
        *bound_places(one, first, two, second),
        why=(
            f"{second} does not lie above {first}, so no base reaches one of the two bands and its rate is never paid.",
            f"{second} 不高于 {first}，其中一档没有基数能达到，其点位永远不付。",
        ),
        fix=("write the bands from the lowest to the highest.", "按从低到高的顺序书写各档。"),
    )
    return False


def check_meeting(one: tree.Band, low: Decimal, two: tree.Band, high: Decimal, env: Environment) -> None:
    """Two bands in written order: the second must start where the first ends."""
    if not meeting(one, two) or high == low:
        return
    first, second, between = shown(one, low, env), shown(two, high, env), shown(one, (low + high) / 2, env)
    gap = (
        f"a base between {first} and {second}, for instance {between}, has no band and so no price.",
        f"基数在 {first} 与 {second} 之间（例如 {between}）没有档位，也就没有价格。",
    )
    overlap = (
        f"a base of {between} lies in both bands and has no single price.",
        f"基数 {between} 同时落在两档，没有唯一的价格。",
    )
    env.note(
        "SE0206" if high > low else "SE0207",
        *bound_places(one, first, two, second),
        why=gap if high > low else overlap,
        fix=(f"start the second band at {first}.", f"让后一档从 {first} 开始。"),
    )


def check_ends(bands: tuple[tree.Band, ...], bounds: tuple[Expression, ...], env: Environment) -> None:
    """The lowest band must reach down to zero, the highest must be open above."""
    first, last = bands[0], bands[-1]
    low, high = size(bounds[0]), size(bounds[-1])
    if first.style in ("over", "from") and low is not None and low[0] > 0:
        word = ("up to", "不超过") if first.style == "over" else ("below", "不满")
        edge, half = shown(first, low[0], env), shown(first, low[0] / 2, env)
        env.note(
            "SE0206",
            first.span,
            why=(f"a base below {edge}, for instance {half}, has no band.", f"低于 {edge} 的基数（例如 {half}）没有档位。"),
            fix=(f"{word[0]} {edge} none", f"{word[1]} {edge} 无"),
        )
    if last.style in ENDS and high is not None:
        word = ("over", "超过") if last.style == "up_to" else ("from", "自")
        edge, double = shown(last, high[0], env), shown(last, high[0] * 2, env)
        env.note(
            "SE0206",
            last.span,
            why=(f"a base above {edge}, for instance {double}, has no band.", f"高于 {edge} 的基数（例如 {double}）没有档位。"),
            fix=(
                f"add a band `{word[0]} {edge}` with its rate, or `none`.",
                f"补一档“{word[1]} {edge}”，写明点位或“无”。",
            ),
        )
