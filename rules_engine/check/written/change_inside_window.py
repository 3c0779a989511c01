"""A price that changes inside a judging window: which documents it prices is money."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from rules_engine.check.changes import dated_numbers
from rules_engine.check.environment import Both, Environment
from rules_engine.core.expressions import Priced, Table
from rules_engine.core.program import Clause, Program
from rules_engine.core.walk import prices, walk
from rules_engine.source import Span
from rules_engine.values.period import Period
from rules_engine.values.windows import tile


@dataclass(frozen=True, slots=True)
class Change:
    """A day on which a price or number changes, and where that is written. `of` is 'price' or 'number'."""

    day: date
    span: Span
    of: str


def demand_changes(program: Program, env: Environment) -> None:
    """Refuse a clause whose price changes inside one of its windows without saying how."""
    header = program.header
    for clause in program.clauses.values():
        if clause.changes:
            continue
        term = Period(max(clause.start, header.start), min(clause.end, header.end))
        windows = tile(clause.period, term, header.settle, header.year_start, header.ranges)
        inside = [
            (change, window) for change in changes(clause, env) for window in windows if window.start < change.day < window.end
        ]
        if inside:
            report(clause, *inside[0], env)


def changes(clause: Clause, env: Environment) -> Iterator[Change]:
    """The days on which a price or number of the clause begins or ends."""
    for item in walk(clause.earn):
        if isinstance(item, Priced):
            tables = (price for price in prices(item.price) if isinstance(price, Table))
            yield from (each for table in tables for row in table.rows for each in edges(row.start, row.end, row.span, "price"))
    for expression in (clause.earn, *((clause.when,) if clause.when is not None else ())):
        for choice in dated_numbers(expression, env):
            yield from (each for row in choice.rows for each in edges(row.start, row.end, choice.span, "number"))


def edges(start: date | None, end: date | None, span: Span, of: str) -> Iterator[Change]:
    """The first day, and the first day after the last."""
    yield from (Change(day, span, of) for day in (start, end) if day is not None)


def report(clause: Clause, change: Change, window: Period, env: Environment) -> None:
    """Both readings on a window with half of it on each side of the change."""
    why, fix = PRICE if change.of == "price" else NUMBER
    last = window.end - timedelta(days=1)
    inside = (
        f"{change.day} lies inside the window {window.start} to {last}",
        f"{change.day} 落在期间 {window.start} 至 {last} 之内",
    )
    env.note(
        "SE0506",
        (change.span if change.span.line else clause.span, (f"changes on {change.day}", f"在 {change.day} 变更")),
        why=(inside[0] + why[0], inside[1] + why[1]),
        fix=fix,
    )


PRICE: tuple[Both, Both] = (
    (
        (
            ". With 100,000.00 before and 100,000.00 after a change from 2% to 3%:\n"
            "split by document 5,000.00 is due, at the last day's price 6,000.00. 1,000.00 lies between the two."
        ),
        ("。变更前后各 100,000.00，点位由 2% 改为 3%：\n按单据分段应付 5,000.00，按末日点位应付 6,000.00，相差 1,000.00。"),
    ),
    ("changes split\n(or `changes last day's`)", "变更 分段计\n（或“变更 按末日”）"),
)
"""Why and fix where the price of documents changes."""

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
