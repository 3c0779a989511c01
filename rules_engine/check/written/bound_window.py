"""A bound without its window: each settlement, or the whole year."""

from __future__ import annotations

from decimal import Decimal
from typing import NoReturn

from rules_engine.check.meaning.environment import Environment
from rules_engine.check.meaning.wording import added, money
from rules_engine.core.expressions import Constant, Expression
from rules_engine.syntax.tree import Field

EXAMPLE = Decimal(200_000)
SHARE = Decimal("0.3")


def refuse_open_window(field: Field, side: str, amount: Expression, env: Environment) -> NoReturn:
    """Refuse the bound, counted both ways on quarters that earn three tenths of it each."""
    limit = amount.value if isinstance(amount, Constant) and isinstance(amount.value, Decimal) and amount.value > 0 else EXAMPLE
    cap = side == "most"
    each = limit * SHARE
    by_quarter = Decimal(0) if cap else 4 * (limit - each)
    by_year = 4 * each - limit if cap else Decimal(0)
    verb = ("cut", "扣减") if cap else ("added", "补足")
    env.refuse(
        "SE0507",
        field.span,
        why=(
            (
                f"a bound of {money(limit)} without a window holds in each period or in the year. With {money(each)} earned in each quarter,\n"
                f"counted by quarter {money(by_quarter)} is {verb[0]}, counted by year {money(by_year)}: "
                f"{money(abs(by_quarter - by_year))} lies between the two."
            ),
            (
                f"没有写期间的 {money(limit)}，可能按每期，也可能按全年。每季度 {money(each)} 时，\n"
                f"按季度{verb[1]} {money(by_quarter)}，按年{verb[1]} {money(by_year)}：相差 {money(abs(by_quarter - by_year))}。"
            ),
        ),
        fix=added(field.span, (" in each year", " 每年"), ("in each year", "每年"), env),
    )
