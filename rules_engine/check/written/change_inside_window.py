"""A price that changes inside a judging window: which documents it prices is money."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from rules_engine.check.meaning.environment import Both, Environment
from rules_engine.check.meaning.wording import money, plain
from rules_engine.check.prices.changes import dated_numbers
from rules_engine.check.prices.filters import same_filter
from rules_engine.core.expressions import Constant, Parts, Price, Priced, Table
from rules_engine.core.program import Clause, Program
from rules_engine.core.walk import prices, walk
from rules_engine.record import dataclass
from rules_engine.source import Span
from rules_engine.values.period import Period
from rules_engine.values.windows import tile

EXAMPLE = (Decimal("0.02"), Decimal("0.03"))
BASE = Decimal(100_000)


@dataclass(frozen=True, slots=True)
class Change:
    """A day on which a price or number changes, and where that is written. `of` is 'price' or 'number', `rates` the shares
    before and after, to price an example with."""

    day: date
    span: Span
    of: str
    rates: tuple[Decimal, Decimal] = EXAMPLE


def demand_changes(program: Program, env: Environment) -> None:
    """Refuse a clause whose price changes inside one of its windows without saying how."""
    header = program.header
    for clause in program.clauses.values():
        found = () if clause.changes else tuple(changes(clause, env))
        if not found:
            continue
        term = Period(max(clause.start, header.start), min(clause.end, header.end))
        windows = tile(clause.period, term, header.settle, header.year_start, header.ranges)
        inside = [(change, window) for change in found for window in windows if window.start < change.day < window.end]
        if inside:
            report(clause, *inside[0], env)


def changes(clause: Clause, env: Environment) -> Iterator[Change]:
    """The days on which a price or number of the clause begins or ends."""
    for item in walk(clause.earn):
        if isinstance(item, Priced):
            tables = (price for price in prices(item.price) if isinstance(price, Table))
            yield from (replace(each, rates=rates(table, each.day)) for table in tables for each in table_edges(table))
    for expression in (clause.earn, *((clause.when,) if clause.when is not None else ())):
        for choice in dated_numbers(expression, env):
            yield from (each for row in choice.rows for each in edges(row.start, row.end, choice.span, "number"))


def table_edges(table: Table) -> Iterator[Change]:
    """The days on which rows of a price begin or end."""
    return (each for row in table.rows for each in edges(row.start, row.end, row.span, "price"))


def rates(table: Table, day: date) -> tuple[Decimal, Decimal]:
    """The shares before and after the day where both are plain; the general example otherwise."""
    before = [row for row in table.rows if row.end == day]
    after = [row for row in table.rows if row.start == day]
    for one in before:
        for two in after:
            pair = (share(one.price), share(two.price))
            if same_filter(one.where, two.where) and pair[0] is not None and pair[1] is not None and pair[0] != pair[1]:
                return pair[0], pair[1]
    return EXAMPLE


def share(price: Price) -> Decimal | None:
    """The percentage of a price that is nothing else."""
    if not isinstance(price, Parts) or len(price.parts) != 1 or price.floor or price.cap or price.parts[0].kind != "rate":
        return None
    amount = price.parts[0].amount
    return amount.value if isinstance(amount, Constant) and isinstance(amount.value, Decimal) else None


def edges(start: date | None, end: date | None, span: Span, of: str) -> Iterator[Change]:
    """The first day, and the first day after the last."""
    yield from (Change(day, span, of) for day in (start, end) if day is not None)


def report(clause: Clause, change: Change, window: Period, env: Environment) -> None:
    """Both readings on a window with half of it on each side of the change."""
    why, fix = (price_words(change.rates), SPLIT) if change.of == "price" else NUMBER
    last = window.end - timedelta(days=1)
    env.note(
        "SE0506",
        (change.span if change.span.line else clause.span, (f"changes on {change.day}", f"在 {change.day} 变更")),
        why=(
            f"{change.day} lies inside the window {window.start} to {last}{why[0]}",
            f"{change.day} 落在期间 {window.start} 至 {last} 之内{why[1]}",
        ),
        fix=fix,
    )


def price_words(rates: tuple[Decimal, Decimal]) -> Both:
    """The two readings of a changed share, on the same base before and after."""
    before, after = rates
    split, last = money(BASE * (before + after)), money(BASE * after * 2)
    one, two, between = plain(before * 100), plain(after * 100), money(abs(BASE * (before - after)))
    return (
        (
            f". With 100,000.00 before and 100,000.00 after the change from {one}% to {two}%:\n"
            f"split by document {split} is due, at the last day's price {last}. {between} lies between the two."
        ),
        f"。变更前后各 100,000.00，点位由 {one}% 改为 {two}%：\n按单据分段应付 {split}，按末日点位应付 {last}，相差 {between}。",
    )


SPLIT: Both = ("changes split\n(or `changes last day's`)", "变更 分段计\n（或“变更 按末日”）")
"""What to write where the price of documents changes."""

NUMBER: tuple[Both, Both] = (
    (
        (
            ". A number that changes from 1,000.00 to 2,000.00 half way through it\n"
            "is 1,500.00 by days and 2,000.00 as on the last day. 500.00 lies between the two."
        ),
        "。数值在期间过半时由 1,000.00 改为 2,000.00：\n按天计为 1,500.00，按末日为 2,000.00，相差 500.00。",
    ),
    (
        "changes last day's\n(or a clause for each stretch of days, `proportionally by days`)",
        "变更 按末日\n（或每段日期各写一个条款并“按天折算”）",
    ),
)
"""Why and fix where an amount, a value or a measure changes."""
