"""A price that changes inside a window: split by document, continue along the same thresholds, or as on the last day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

from rules_engine.check.environment import Environment
from rules_engine.check.fields import Fields
from rules_engine.core.expressions import Choice, ChoiceRow, Expression, Priced, Row, Table

Stretch = tuple[date | None, date | None]


def applied(earn: Expression, how: str, fields: Fields, env: Environment) -> Expression:
    """The earned amount under the written way of changing; split is what a table does by itself."""
    if not isinstance(earn, Priced) or not isinstance(earn.price, Table) or not dated(earn.price):
        return earn
    if how == "last":
        return as_on_last_day(earn, earn.price)
    if how == "continue":
        env.refuse(
            "SE0216",
            fields.span_of("changes"),
            why=(
                "thresholds that continue across a change of rates are not available yet; nothing else would pay the same money.",
                "暂不支持变更后门槛继续累计；用其他写法金额会不同。",
            ),
            fix=("changes split", "变更 分段计"),
        )
    return earn


def dated(table: Table) -> bool:
    """Whether any row is in force for some days only."""
    return any(row.start is not None or row.end is not None for row in table.rows)


def as_on_last_day(earn: Priced, table: Table) -> Expression:
    """The rows in force on the last day price the whole window."""
    rows = tuple(
        ChoiceRow(replace(earn, price=replace(table, rows=in_force(table.rows, stretch))), start=stretch[0], end=stretch[1])
        for stretch in stretches(table.rows)
    )
    return Choice(rows, earn.unit, earn.span)


def stretches(rows: tuple[Row, ...]) -> list[Stretch]:
    """The stretches of days between two changes."""
    edges: list[date | None] = sorted({day for row in rows for day in (row.start, row.end) if day is not None})  # type: ignore[assignment]
    return list(pairwise([None, *edges, None]))


def in_force(rows: tuple[Row, ...], stretch: Stretch) -> tuple[Row, ...]:
    """The rows in force through the stretch, without their dates."""
    start, end = stretch[0] or date.min, stretch[1] or date.max
    return tuple(
        replace(row, start=None, end=None) for row in rows if (row.start or date.min) <= start and end <= (row.end or date.max)
    )
