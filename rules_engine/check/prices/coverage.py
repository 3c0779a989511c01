"""Interval analysis of rows: overlaps, days without a row and rows out of reach, proven before any document is read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations

from rules_engine.check.meaning.environment import Both, Environment
from rules_engine.check.prices.filters import apart, conjuncts, disjoint, shown, texts, without_spans
from rules_engine.core.expressions import Row
from rules_engine.source import Span
from rules_engine.values.period import Period


def check_rows(found: tuple[Row, ...], pick: str, days: Period, env: Environment) -> None:
    """Report dates in the wrong order, rows that overlap with different prices, and days of the clause no row covers.

    What cannot be decided is left to the run, which refuses two rows for one document."""
    for row in found:
        check_dates(row.start, row.end, row.span, env)
    check_reach(found, pick, days, env)
    if pick != "exactly_one":
        return
    sure = [row for row in found if not row.otherwise and row.when is None]
    rest = [row for row in found if row.otherwise]
    for one, two in (*neighbours(sure), *combinations(rest, 2)):
        if meet(one, two) and not disjoint(one.where, two.where) and not same_price(one, two):
            report_overlap(one, two, env)
    if not rest:
        check_days(sure, days, env)


def check_choices(found: tuple[Row, ...], pick: str, days: Period, env: Environment) -> None:
    """The same for amounts that count no documents. The first row that holds would answer, so rows must be proven apart."""
    for row in found:
        check_dates(row.start, row.end, row.span, env)
    check_reach(found, pick, days, env)
    if pick == "first":
        return
    sure, rest = [row for row in found if not row.otherwise], [row for row in found if row.otherwise]
    for one, two in (*neighbours(sure), *combinations(rest, 2)):
        if meet(one, two) and not proven_apart(one, two) and not same_price(one, two):
            report_overlap(one, two, env)
    plain = [row for row in sure if row.when is None]
    if not rest and plain == sure:
        check_days(plain, days, env)


def neighbours(rows: list[Row]) -> Iterator[tuple[Row, Row]]:
    """Every pair of rows but those that name different texts of one column, in the order of the file."""
    named: dict[tuple[str, str], list[int]] = {}
    loose: set[int] = set()
    for place, row in enumerate(rows):
        found = texts(row.where) if row.where is not None else None
        if found is None:
            loose.add(place)
            continue
        for text in found[1]:
            named.setdefault((found[0], text), []).append(place)
    columns = {column for column, _ in named}
    if len(columns) > 1:
        loose.update(range(len(rows)))
    pairs = {pair for places in named.values() for pair in combinations(places, 2)}
    pairs.update((min(one, two), max(one, two)) for one in loose for two in range(len(rows)) if one != two)
    return ((rows[one], rows[two]) for one, two in sorted(pairs))


def proven_apart(one: Row, two: Row) -> bool:
    """Whether no group, window and document can meet both rows."""
    left, right = ([*conjuncts(row.where), *conjuncts(row.when)] for row in (one, two))
    return any(apart(first, second) for first in left for second in right)


def check_reach(found: tuple[Row, ...], pick: str, days: Period, env: Environment) -> None:
    """Report rows that no document of the clause's days can come to."""
    for place, row in enumerate(found):
        begin, end = max(row.start or date.min, days.start), min(row.end or date.max, days.end)
        wrong_way = row.start is not None and row.end is not None and row.end <= row.start
        earlier = [other for other in found[:place] if catches_all(other)] if pick == "first" else []
        if begin >= end and not wrong_way:
            last = days.end - timedelta(days=1)
            report_unreachable(
                row,
                (
                    f"its days lie outside {days.start} to {last}, on which this is in force.",
                    f"其日期不在 {days.start} 至 {last} 的有效期之内。",
                ),
                ("correct the dates, or delete the row.", "改正日期，或删去该行。"),
                env,
            )
        elif earlier:
            report_unreachable(
                row,
                (
                    "an earlier row takes every document, and the first that matches counts.",
                    "前面的一行已适用于所有单据，而只取第一个符合的行。",
                ),
                ("put the row that takes everything last.", "把适用于所有单据的行放在最后。"),
                env,
            )


def reaches(row: Row, days: Period) -> bool:
    """Whether the row holds on one of the days, or its own dates are the wrong way round."""
    start, end = row.start or date.min, row.end or date.max
    return end <= start or (start < days.end and days.start < end)


def catches_all(row: Row) -> bool:
    """Whether the row takes every document of every day."""
    return row.where is None and row.when is None and row.start is None and row.end is None and not row.otherwise


def report_unreachable(row: Row, why: Both, fix: Both, env: Environment) -> None:
    """A row whose price nobody is ever paid."""
    env.note("SE0212", row.span, why=why, fix=fix)


def check_dates(start: date | None, end: date | None, span: Span, env: Environment) -> None:
    """`from` must not lie after `until`."""
    if start is not None and end is not None and end <= start:
        env.note(
            "SE0209",
            span,
            why=(f"no day is from {start} until {end - timedelta(1)}.", f"没有日子满足自 {start} 截至 {end - timedelta(1)}。"),
            fix=(f"from {end - timedelta(1)} until {start}", f"自 {end - timedelta(1)} 截至 {start}"),
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
    filters = (where for row in (one, two) for where in (row.where, row.when))
    texts = dict.fromkeys(text for where in filters if (text := shown(where, env.language)))
    english, chinese = ("", "")
    if texts:
        english, chinese = f" with {' and '.join(texts)}", f"（{'，'.join(texts)}）"
    env.note(
        "SE0204",
        (one.span, ("this row applies", "这一行适用")),
        (two.span, ("and so does this one, with another price", "这一行也适用，价格不同")),
        why=(
            f"a document of {day}{english} falls into both rows and has no single price.",
            f"{day} 的单据{chinese}同时落入两行，没有唯一的价格。",
        ),
        fix=(
            "end the first row before the second begins, narrow one filter, or write `first that matches`.",
            "让前一行在后一行开始之前结束，或收窄其中一个条件，或写“首项符合”。",
        ),
    )


def check_days(rows: list[Row], days: Period, env: Environment) -> None:
    """Rows with the same filter must cover all the days where any of them is dated."""
    groups: dict[object, list[Row]] = {}
    for row in rows:
        groups.setdefault(without_spans(row.where), []).append(row)
    always = any(row.where is None and undated(row) for row in rows)
    for group in groups.values():
        if not always and not all(map(undated, group)):
            report_gaps(group, days, env)


def undated(row: Row) -> bool:
    """Whether the row holds on every day."""
    return row.start is None and row.end is None


def report_gaps(group: list[Row], days: Period, env: Environment) -> None:
    """Name the first days that no row of the group covers."""
    day = days.start
    for row in sorted(group, key=lambda item: item.start or date.min):
        if (row.start or date.min) > day:
            break
        day = max(day, row.end or date.max)
    if day >= days.end:
        return
    following = min((row.start for row in group if row.start and row.start > day), default=days.end)
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
