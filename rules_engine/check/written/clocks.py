"""Hours are counted between moments: a bare day has no clock."""

from __future__ import annotations

from rules_engine.check.meaning.environment import Environment
from rules_engine.core.expressions import Expression
from rules_engine.core.units import Unit
from rules_engine.core.walk import unit_of
from rules_engine.syntax import tree


def demand_moments(node: tree.TimeBetween, ends: tuple[Expression, Expression], env: Environment) -> None:
    """Refuse hours from or to a day, whose clock nobody wrote."""
    for written, end in zip((node.start, node.end), ends, strict=True):
        if unit_of(end) is Unit.DATE:
            env.refuse(
                "SE0418",
                written.span,
                why=(
                    (
                        "a day has no clock: read from its first minute or to its last, 24 hours lie between. With 12 hours\n"
                        "allowed and 20.00 for each document that is late, the same document owes 20.00 or nothing."
                    ),
                    "日期没有钟点：从当日零点算起与算到当日末，相差 24 小时。若时限 12 小时、超时每件 20.00，同一单据或付 20.00，或不付。",
                ),
                fix=(
                    "read a column of moments, declared `column NAME moment`, or count `days from … to …`",
                    "改用声明为“列 名称 时刻”的列，或计“天数 自 … 至 …”",
                ),
            )
