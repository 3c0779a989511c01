"""Counters: a running sum over documents."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import NoReturn

from rules_engine.check.meaning.environment import Environment
from rules_engine.check.meaning.expressions import expression
from rules_engine.check.meaning.fields import Fields, first, items, of_block
from rules_engine.check.meaning.scopes import WindowScope
from rules_engine.check.meaning.wording import plural
from rules_engine.check.prices.bases import feeding_types
from rules_engine.check.prices.grouping import per_columns
from rules_engine.check.windows import window, yearly
from rules_engine.core.expressions import Aggregate
from rules_engine.core.program import Counter
from rules_engine.syntax import tree
from rules_engine.values.period import Period
from rules_engine.values.windows import tile

RESTARTS = ("restarts", "restarts_on", "restarts_never")


def counter(name: str, env: Environment) -> Counter:
    """A declared counter with the windows in which it begins anew."""
    block = env.counter_blocks[name]
    fields = of_block(block, env)
    fields.allow(("formula", *RESTARTS, "per", "starts", "source", "note"))
    found = expression(sum_of(fields, name, env), WindowScope(env))
    assert isinstance(found, Aggregate)
    per = per_columns(fields)
    demand_columns(found, per, fields, env)
    starts = fields.get("starts")
    opening = first(starts, tree.Number) if starts else None
    return Counter(
        name,
        block.title or name,
        found,
        per,
        windows(fields, name, env),
        opening.value if opening else Decimal(0),
        block.span,
    )


def sum_of(fields: Fields, name: str, env: Environment) -> tree.Aggregate:
    """The one sum or count that the counter runs over."""
    formula = fields.get("formula")
    written = first(formula, tree.Aggregate) if formula else None
    if written is None or written.op not in ("sum", "count"):
        env.refuse(
            "SE0251",
            formula.span if formula else fields.span,
            why=(
                f"`{name}` has to add something up: only a sum or a number of documents runs on from one document to the next.",
                f"“{name}”须是合计或计数：只有合计或单据数才能随单据逐张累计。",
            ),
            fix=("sum of quantity over sales less customer_returns", "合计 数量 取自 销售单 减 客退单"),
        )
    return written


def demand_columns(found: Aggregate, per: tuple[str, ...], fields: Fields, env: Environment) -> None:
    """Refuse a split by a column that some document of the counter does not have."""
    for column in per:
        for kind in feeding_types(found, env):
            if column not in kind.columns:
                env.refuse(
                    "SE0309",
                    fields.span_of("per"),
                    why=(
                        f"`{plural(kind, 'en')}` have no column `{column}`, so they move no counter.",
                        f"“{plural(kind, 'zh')}”没有“{column}”列，无法计入任何一个计数。",
                    ),
                    fix=(f"documents {plural(kind, 'en')}\n  column {column}", f"单据 {plural(kind, 'zh')}\n  列 {column}"),
                )


def windows(fields: Fields, name: str, env: Environment) -> tuple[Period, ...]:
    """The stretches of the term through which the counter runs; that it goes on for ever has to be written too."""
    header = env.header
    term = Period(header.start, header.end)
    if fields.has("restarts_never"):
        return (term,)
    field = fields.get("restarts")
    written = first(field, tree.Window) if field else None
    if written is not None:
        return tuple(tile(window(written, env), term, header.settle, header.year_start, dict(header.ranges)))
    on = fields.get("restarts_on")
    if on is None:
        refuse_open_restart(fields, name, env)
    days = {*(item.value for item in items(on, tree.DateLiteral)), *yearly(on, env)}
    edges = sorted({term.start, *(day for day in days if term.contains(day)), term.end})
    return tuple(Period(one, two) for one, two in pairwise(edges))


def refuse_open_restart(fields: Fields, name: str, env: Environment) -> NoReturn:
    """A counter that may or may not begin anew with the year."""
    env.refuse(
        "SE0561",
        fields.span,
        why=(
            (
                f"it is not written when `{name}` begins again. With 1.00 up to 1,000 and 2.00 above, and 1,000 units in each of two years:\n"
                "counted by the year the second year pays 1,000.00, counted through it pays 2,000.00. 1,000.00 lies between the two."
            ),
            f"没有写明“{name}”何时重新计数。1,000 件以内每件 1.00、超过部分 2.00，两年各 1,000 件：\n按年计数第二年付 1,000.00，连续计数付 2,000.00，相差 1,000.00。",
        ),
        fix=("restarts every year\n(or `restarts never`)", "重新计数 每 年\n（或“从不重新计数”）"),
    )
