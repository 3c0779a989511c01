"""A price that changes inside a window: split by document, continue along the same thresholds, or as on the last day.

The evaluators read rows of a price all three ways. A dated number (an amount without a base, a value, a measure without documents)
has no documents to split: only the last day's can be meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from rules_engine.check.meaning.environment import Environment
from rules_engine.check.meaning.fields import Fields, among
from rules_engine.check.prices.earning import Earned
from rules_engine.core.expressions import Aggregate, Choice, Expression, MeasureRef
from rules_engine.core.walk import children

CHANGES = {"split": "split", "continue": "continue", "last_days": "last"}


def dated_numbers(expression: Expression, env: Environment) -> Iterator[Choice]:
    """Every choice by date that the expression reads for a whole window, through measures too; inside an aggregate every document
    reads the number of its own day."""
    if isinstance(expression, Aggregate):
        return
    if isinstance(expression, Choice) and any(row.start or row.end for row in expression.rows):
        yield expression
    if isinstance(expression, MeasureRef) and expression.name in env.measures:
        yield from dated_numbers(env.measures[expression.name].expression, env)
    for item in children(expression):
        yield from dated_numbers(item, env)


def written_change(fields: Fields, earned: Earned, env: Environment) -> str:
    """How the clause takes a change; splitting a dated number is refused."""
    how = CHANGES.get(among(fields.get("changes"), CHANGES), "")
    if how in ("split", "continue") and any(dated_numbers(earned.earn, env)):
        env.refuse(
            "SE0216",
            fields.span_of("changes"),
            why=(
                "a number that changes by date counts no documents, so there is nothing to split: 100.00 until the 10th and 200.00 from the 11th is one number a month.",
                "按日期变更的数值不涉及单据，无从分段：10 日前 100.00、11 日起 200.00，每月只有一个数值。",
            ),
            fix=(
                "changes last day's\n(or write the dated numbers as rows of the clause: `rate`, below it `10% until …`, `12% from …`)",
                "变更 按末日\n（或把各期数值写成条款自身的行：“点位”之下“10% 截至 …”“12% 自 …”）",
            ),
        )
    return how
