"""Interval analysis of bands and rows: overlaps, gaps and bounds out of order, proven before any document is read."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations, pairwise

from rules_engine.check.environment import Environment
from rules_engine.check.filters import disjoint, same_filter, shown, without_spans
from rules_engine.check.written.tier_reading import refuse_missing_reading
from rules_engine.core.expressions import Arithmetic, Constant, Expression, Row
from rules_engine.source import Span
from rules_engine.syntax import tree

STYLES = ({"up_to", "over"}, {"below", "from"}, {"at"})
ENDS = ("up_to", "below")


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
    styles = {band.style for band in bands}
    if not any(styles <= allowed for allowed in STYLES):
        env.refuse(
            "SE0211",
            *(band.span for band in bands),
            why=(
                "`up to`/`over` put the bound into the lower band, `below`/`from` into the upper one; mixed, a base on a bound has no single band.",
                "“不超过/超过”把边界归下档，“不满/自”归上档；混用时，恰在边界上的基数没有唯一的档位。",
            ),
        )
    sizes = [size(bound) for bound in bounds]
    for (one, low), (two, high) in pairwise(zip(bands, sizes, strict=True)):
        if low is not None and high is not None and low[1] == high[1]:
            check_neighbours(one, low[0], two, high[0], env)
    check_ends(bands, bounds, env)


def check_neighbours(one: tree.Band, low: Decimal, two: tree.Band, high: Decimal, env: Environment) -> None:
    """Two bands in written order: the second must start where the first ends."""
    first = (one.span, (f"this band's bound is {low:,}", f"这一档的边界是 {low:,}"))
    second = (two.span, (f"this band's bound is {high:,}", f"这一档的边界是 {high:,}"))
    meets = one.style in ENDS and two.style not in ENDS
    if meets and high > low:
        env.note(
            "SE0206",
            first,
            second,
            why=(
                f"a base between {low:,} and {high:,}, for instance {(low + high) / 2:,}, has no band.",
                f"基数在 {low:,} 与 {high:,} 之间（例如 {(low + high) / 2:,}）没有档位。",
            ),
            fix=(f"start the second band at {low:,}.", f"让后一档从 {low:,} 开始。"),
        )
    elif meets and high < low:
        env.note(
            "SE0207",
            first,
            second,
            why=(
                f"a base of {(low + high) / 2:,} lies in both bands and has no single price.",
                f"基数 {(low + high) / 2:,} 同时落在两档，没有唯一的价格。",
            ),
            fix=(f"start the second band at {low:,}.", f"让后一档从 {low:,} 开始。"),
        )
    elif not meets and high <= low:
        env.note(
            "SE0208",
            first,
            second,
            why=(
                f"{high:,} does not lie above {low:,}, so the second band is empty.",
                f"{high:,} 不高于 {low:,}，后一档是空的。",
            ),
            fix=("write the bands from the lowest to the highest.", "按从低到高的顺序书写各档。"),
        )


def check_ends(bands: tuple[tree.Band, ...], bounds: tuple[Expression, ...], env: Environment) -> None:
    """The lowest band must reach down to zero, the highest must be open above."""
    first, last = bands[0], bands[-1]
    low = size(bounds[0])
    if first.style in ("over", "from") and low is not None and low[0] > 0:
        word = ("up to", "不超过") if first.style == "over" else ("below", "不满")
        env.note(
            "SE0206",
            first.span,
            why=(
                f"a base below {low[0]:,}, for instance {low[0] / 2:,}, has no band.",
                f"低于 {low[0]:,} 的基数（例如 {low[0] / 2:,}）没有档位。",
            ),
            fix=(f"{word[0]} {low[0]:,} none", f"{word[1]} {low[0]:,} 无"),
        )
    high = size(bounds[-1])
    if last.style in ENDS and high is not None:
        word = ("over", "超过") if last.style == "up_to" else ("from", "自")
        env.note(
            "SE0206",
            last.span,
            why=(
                f"a base above {high[0]:,}, for instance {high[0] * 2:,}, has no band.",
                f"高于 {high[0]:,} 的基数（例如 {high[0] * 2:,}）没有档位。",
            ),
            fix=(
                f"add a band `{word[0]} {high[0]:,}` with its rate, or `none`.",
                f"补一档“{word[1]} {high[0]:,}”，写明点位或“无”。",
            ),
        )


def check_rows(found: tuple[Row, ...], pick: str, env: Environment) -> None:
    """Report dates in the wrong order, rows that overlap with different prices, and days no row covers."""
    for row in found:
        check_dates(row.start, row.end, row.span, env)
    if pick != "exactly_one":
        return
    plain = [row for row in found if not row.otherwise and row.when is None]
    for one, two in combinations(plain, 2):
        if meet(one, two) and not disjoint(one.where, two.where) and not same_price(one, two):
            report_overlap(one, two, env)
    if not any(row.otherwise for row in found):
        check_days(plain, env)


def check_dates(start: date | None, end: date | None, span: Span, env: Environment) -> None:
    """`from` must not lie after `until`."""
    if start is not None and end is not None and end <= start:
        env.note(
            "SE0209",
            span,
            why=(f"no day is from {start} until {end - timedelta(1)}.", f"没有日子满足自 {start} 截至 {end - timedelta(1)}。"),
        )


def meet(one: Row, two: Row) -> bool:
    """Whether both rows are in force on some day."""
    start = max(one.start or date.min, two.start or date.min)
    return start < min(one.end or date.max, two.end or date.max)


def same_price(one: Row, two: Row) -> bool:
    """Whether both rows are written with the same price."""
    return bool(without_spans(one.price) == without_spans(two.price))


def report_overlap(one: Row, two: Row, env: Environment) -> None:
    """Both rows apply to some document, with different prices."""
    start = max(one.start or date.min, two.start or date.min)
    day = start if start > date.min else env.header.start
    example = "; ".join(filter(None, (shown(one.where, env.language), shown(two.where, env.language)))) or "*"
    env.note(
        "SE0204",
        (one.span, ("this row applies", "这一行适用")),
        (two.span, ("and so does this one, with another price", "这一行也适用，价格不同")),
        why=(
            f"a document of {day} with {example} falls into both rows and has no single price.",
            f"{day} 的单据（{example}）同时落入两行，没有唯一的价格。",
        ),
        fix=(
            "end the first row before the second begins, narrow one filter, or write `first that matches`.",
            "让前一行在后一行开始之前结束，或收窄其中一个条件，或写“取第一个符合”。",
        ),
    )


def check_days(rows: list[Row], env: Environment) -> None:
    """Rows with the same filter must cover the whole term where any of them is dated."""
    remaining = list(rows)
    while remaining:
        group = [row for row in remaining if same_filter(row.where, remaining[0].where)]
        remaining = [row for row in remaining if row not in group]
        if all(row.start is None and row.end is None for row in group):
            continue
        covers = any(row.where is None and row not in group and row.start is None and row.end is None for row in rows)
        if not covers:
            report_gaps(group, env)


def report_gaps(group: list[Row], env: Environment) -> None:
    """Name the first days of the term that no row of the group covers."""
    day = env.header.start
    for row in sorted(group, key=lambda item: item.start or date.min):
        if (row.start or date.min) > day:
            break
        day = max(day, row.end or date.max)
    if day >= env.header.end:
        return
    following = min((row.start for row in group if row.start and row.start > day), default=env.header.end)
    filtered = shown(group[0].where, env.language)
    last = following - timedelta(days=1)
    env.note(
        "SE0205",
        *(row.span for row in group),
        why=(
            f"no row covers {day} to {last}: a document of {day}{' with ' + filtered if filtered else ''} has no price.",
            f"没有一行覆盖 {day} 至 {last}：{day} 的单据{'（' + filtered + '）' if filtered else ''}没有价格。",
        ),
        fix=("close the dates, or add an `otherwise` row.", "补齐日期，或加一行“其他”。"),
    )
