"""A contract settled document by document says of every clause whether it works each one out alone."""

from __future__ import annotations

from decimal import Decimal

from rules_engine.check.meaning.environment import Environment
from rules_engine.check.meaning.fields import Fields
from rules_engine.check.meaning.wording import money
from rules_engine.check.prices.bases import feeding_types
from rules_engine.core.expressions import Expression

CENT = Decimal("0.01")


def demand_each_alone(fields: Fields, base: Expression | None, env: Environment) -> None:
    """Under `settle each document`, a clause over documents that says neither its groups nor its period."""
    if not env.each_document or base is None or fields.has("per", "period", "spread_over") or not feeding_types(base, env):
        return
    one, both = Decimal("0.74"), Decimal("1.48")
    alone, together = 2 * (one / 100).quantize(CENT), (both / 100).quantize(CENT)
    env.note(
        "SE0520",
        fields.span,
        why=(
            (
                f"two documents of {money(one)} arrive on one day, at 1%: each alone owes {money(alone / 2)}, {money(alone)} in all; together they owe {money(together)}.\n"
                "A least or most amount would be due once for each, or once for both."
            ),
            (
                f"同一天有两张 {money(one)} 的单据，按 1%：逐单各 {money(alone / 2)}，共 {money(alone)}；合并计算则为 {money(together)}。\n"
                "最低或最高金额也会按每单一次或两单合计一次。"
            ),
        ),
        fix=("per document\n(or `per contract`: all documents of the day together)", "按 单据\n（或“按 合同”：当日单据合并计算）"),
    )
