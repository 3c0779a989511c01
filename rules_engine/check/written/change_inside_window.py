"""A price that changes inside a judging window: which documents it prices is money."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from rules_engine.check.environment import Environment
from rules_engine.core.expressions import Choice, Priced, Table
from rules_engine.core.program import Clause, Program
from rules_engine.core.walk import prices, walk
from rules_engine.source import Span
from rules_engine.values.period import Period
from rules_engine.values.windows import tile


def demand_changes(program: Program, env: Environment) -> None:
    """Refuse a clause whose price changes inside one of its windows without saying how."""
    header = program.header
    for clause in program.clauses.values():
        if clause.changes:
            continue
        term = Period(max(clause.start, header.start), min(clause.end, header.end))
        windows = tile(clause.period, term, header.settle, header.year_start, header.ranges)
        inside = [
            (day, span, window) for day, span in change_days(clause) for window in windows if window.start < day < window.end
        ]
        if inside:
            report(clause, *inside[0], env)


def change_days(clause: Clause) -> Iterator[tuple[date, Span]]:
    """The days on which a price of the clause begins or ends, with where that is written."""
    for item in walk(clause.earn):
        rows: tuple[object, ...] = ()
        if isinstance(item, Priced):
            rows = tuple(row for price in prices(item.price) if isinstance(price, Table) for row in price.rows)
        elif isinstance(item, Choice):
            rows = item.rows
        for row in rows:
            for day in (getattr(row, "start", None), getattr(row, "end", None)):
                if day is not None:
                    yield day, getattr(row, "span", item.span)


def report(clause: Clause, day: date, span: Span, window: Period, env: Environment) -> None:
    """Both readings on a window with half of its sales on each side of the change."""
    last = window.end - timedelta(days=1)
    env.note(
        "SE0506",
        (span if span.line else clause.span, (f"changes on {day}", f"在 {day} 变更")),
        why=(
            (
                f"{day} lies inside the window {window.start} to {last}. With 100,000.00 before and 100,000.00 after a change from 2% to 3%:\n"
                "split by document 5,000.00 is due, at the last day's price 6,000.00. 1,000.00 lies between the two."
            ),
            (
                f"{day} 落在期间 {window.start} 至 {last} 之内。变更前后各 100,000.00，点位由 2% 改为 3%：\n"
                "按单据分段应付 5,000.00，按末日点位应付 6,000.00，相差 1,000.00。"
            ),
        ),
        fix=("changes split\n(or `changes last day's`)", "变更 分段计\n（或“变更 按末日”）"),
    )
