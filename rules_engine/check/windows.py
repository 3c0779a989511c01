"""Windows, dates and shares of the text become their core forms."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import NoReturn

from rules_engine.check.meaning.environment import Both, Environment
from rules_engine.check.meaning.fields import first, group, items, words
from rules_engine.check.meaning.whole import whole
from rules_engine.check.meaning.wording import money, plain
from rules_engine.core.expressions import Aggregate, Expression, MeasureRef, ResultOf
from rules_engine.core.program import DueShare
from rules_engine.core.walk import walk
from rules_engine.source import Span
from rules_engine.syntax.tree import DateLiteral, Field, Group, Item, Number, Window, Word
from rules_engine.values import calendar
from rules_engine.values.dates import add
from rules_engine.values.period import WindowSpec

NESTING = ("half_month", "month", "quarter", "half_year", "year", "term")
CALENDAR = ("settlement", "day", "week", "ten_days", *NESTING)
IN_FULL = "in_full"
PROPORTIONS = {
    "proportionally_by_days": "days",
    "proportionally_by_thirtieths": "thirtieths",
    "proportionally_by_months": "months",
}
ANCHORS = ("signing", "term_start", "term_end")


def window(node: Window, env: Environment) -> WindowSpec:
    """The window, its named range known."""
    if node.kind == "named" and node.name and node.name not in env.header.ranges:
        env.refuse(
            "SE0301",
            node.span,
            why=(f"no range is called `{node.name}`.", f"没有名为“{node.name}”的期间。"),
            fix=(
                "declare it in the header: `ranges`, and below it `NAME 2026-06-01 to 2026-06-20`.",
                "在合同开头声明：“区间”，下一行写“名称 2026-06-01 至 2026-06-20”。",
            ),
        )
    return WindowSpec(node.kind, node.count, node.unit, node.starting_day, node.name)


def rank(spec: WindowSpec, settle: WindowSpec) -> int | None:
    """How wide a calendar window is; None where width alone does not tell."""
    kind = settle.kind if spec.kind == "settlement" else spec.kind
    return NESTING.index(kind) if kind in NESTING else None


def proportion(field: Field, amount: Expression, env: Environment) -> str:
    """How a cut window scales a bound, or ''; a termination says it for a bound that says nothing itself and is not measured
    in the window, which cuts it already."""
    written = next((PROPORTIONS[word] for word in words(field) if word in PROPORTIONS), "")
    own = IN_FULL in words(field) or measured_here(amount)
    return written or ("" if own else PROPORTIONS.get(env.cut_answer, ""))


def measured_here(amount: Expression) -> bool:
    """Whether documents or results of the asking window itself are read."""
    return any(
        isinstance(item, Aggregate) or (isinstance(item, MeasureRef | ResultOf) and item.shift is None) for item in walk(amount)
    )


def dues(field: Field, env: Environment) -> tuple[DueShare, ...]:
    """The entries of a `due` line; their shares must add up to the whole."""
    entries = [due_entry(item, env) for item in items(field, Group) if item.key == "entry"]
    if sum((entry.share for entry in entries), Decimal(0)) != 1:
        refuse_shares(sum((entry.share for entry in entries), Decimal(0)), field.span, env)
    return tuple(entries)


def refuse_shares(total: Decimal, span: Span, env: Environment) -> NoReturn:
    """Shares that leave money over or give away more than there is."""
    percent, gap = plain(total * 100), money(abs(1 - total) * 1000)
    left = ("has no owner", "无人承担") if total < 1 else ("is given away twice", "被重复分配")
    env.refuse(
        "SE0215",
        span,
        why=(
            f"the shares add up to {percent}%: of 1,000.00, {gap} {left[0]}.",
            f"各份额合计为 {percent}%：1,000.00 中有 {gap} {left[1]}。",
        ),
        fix=("make the shares add up to 100%.", "让各份额合计为 100%。"),
    )


def due_entry(entry: Group, env: Environment) -> DueShare:
    """One share (the whole where none is written) and its day."""
    numbers = [item for item in entry.items if isinstance(item, Number)]
    share = numbers[0].value / 100 if numbers else Decimal(1)
    day = next(item for item in entry.items if not isinstance(item, Number))
    return DueShare(share, due_day(day, env))


def due_day(item: Item, env: Environment) -> date:
    """The day itself: offsets and working days are counted when the contract is checked."""
    header = env.header
    match item:
        case DateLiteral():
            return item.value
        case Group(key="month_day"):
            return month_day(item, env)
        case Group(key="after"):
            return offset(item, env)
        case Group(key="working_day_after" | "working_day_before"):
            day = due_day(item.items[0], env)
            roll = (
                calendar.first_working_day_on_or_after if item.key.endswith("after") else calendar.last_working_day_on_or_before
            )
            with covered(item.span, env):
                return roll(day)
        case Word(id="at_end_of_term"):
            return header.end - timedelta(days=1)
        case Word(id="at_start_of_term"):
            return header.start
        case Word(id="at_signing"):
            return signed(item, env)
        case _:
            raise AssertionError(item)


def month_day(item: Group, env: Environment) -> date:
    """The first such day of the term."""
    month, day = (int(number.value) for number in items(item, Number))
    for year in range(env.signed_term.start.year, env.signed_term.end.year + 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if env.signed_term.contains(found):
            return found
    env.refuse(
        "SE0210",
        item.span,
        why=(f"no {month:02}-{day:02} lies in the term.", f"合同期限内没有 {month:02}-{day:02}。"),
        fix=in_term(env),
    )


def in_term(env: Environment) -> Both:
    """Which days there are."""
    first_day, last_day = env.header.start, env.header.end - timedelta(days=1)
    return f"write a day from {first_day} to {last_day}.", f"请写 {first_day} 至 {last_day} 之间的日期。"


def offset(item: Group, env: Environment) -> date:
    """`7 working days after signing`."""
    header = env.header
    number, anchor = first(item, Number), first(item, Word)
    assert number is not None
    assert anchor is not None
    if anchor.id not in ANCHORS:
        env.refuse(
            "SE0216",
            item.span,
            why=(
                "a clause's due date counts from signing or from the start or end of the term.",
                "条款的支付日从签订日或期限起止日起算。",
            ),
            fix=("due 7 working days after signing", "支付 签订后 7 个工作日"),
        )
    days = {"term_start": header.start, "term_end": header.end - timedelta(days=1)}
    start = signed(anchor, env) if anchor.id == "signing" else days[anchor.id]
    with covered(item.span, env):
        return add(start, whole(number, env, 0), number.unit or "days", "last_day")


@contextmanager
def covered(span: Span, env: Environment) -> Iterator[None]:
    """Refuse a day in a year whose working days nobody has announced."""
    try:
        yield
    except calendar.CalendarUncovered as uncovered:
        first_year, last_year = calendar.covered_years()
        env.refuse(
            "SE0703",
            span,
            why=(
                f"the working days of {uncovered.year} are needed; the calendar covers {first_year} to {last_year}, and no holiday is guessed.",
                f"需要 {uncovered.year} 年的工作日；工作日历覆盖 {first_year} 至 {last_year} 年，不作推测。",
            ),
            fix=("write the date itself.", "请直接写日期。"),
        )


def signed(item: Word, env: Environment) -> date:
    """The day of signing, which the header must name."""
    if env.header.signed is None:
        env.refuse(
            "SE0201",
            item.span,
            why=("the header does not say when the contract was signed.", "合同开头没有写签订日期。"),
            fix=("signed 2025-12-22", "签订 2025-12-22"),
        )
    return env.header.signed


def yearly(bracket: Field | Group, env: Environment) -> list[date]:
    """`on 03-31, 06-30`: those days in every year of the term."""
    found = []
    for item in items(bracket, Group):
        if item.key == "month_day":
            month, day = (int(number.value) for number in items(item, Number))
            for year in range(env.header.start.year, env.header.end.year + 1):
                when = date(year, month, day)
                if env.header.start <= when < env.header.end:
                    found.append(when)
    return found


def in_each(field: Field, env: Environment) -> WindowSpec | None:
    """The window a bound names."""
    bracket = group(field, "in_each")
    found = first(bracket, Window) if bracket else None
    return window(found, env) if found else None


def rising(days: list[date]) -> bool:
    """Whether dates are in order."""
    return all(one < two for one, two in pairwise(days))
