"""Months and years are no fixed number of days: what a month added to the 31st means, and months used as days."""

from __future__ import annotations

from rules_engine.check.meaning.environment import Environment
from rules_engine.check.meaning.wording import added, plain
from rules_engine.syntax import tree

EVERY_MONTH_HAS = 28


def demand_overflow(node: tree.DateShift, env: Environment) -> None:
    """Refuse months or years added to a day that the month reached may not have."""
    sure = isinstance(node.start, tree.DateLiteral) and node.start.value.day <= EVERY_MONTH_HAS
    if node.overflow or sure or node.unit not in ("months", "years"):
        return
    env.refuse(
        "SE0519",
        node.span,
        why=(
            (
                "a month after 31 January is 28 February or 1 March. At 0.05% a day on 100,000.00 the two are 50.00 apart,\n"
                "and in a year with 29 February not even that is sure."
            ),
            "1 月 31 日加一个月，是 2 月 28 日还是 3 月 1 日？100,000.00 按每日 0.05% 计，两者相差 50.00。",
        ),
        fix=added(node.span, (" or last day", " 或月末"), ("or last day", "或月末"), env),
    )


def demand_due_day(field: tree.Field, env: Environment) -> None:
    """Refuse a payment term in months that does not say what the 31st becomes."""
    named = {item.id for item in field.items if isinstance(item, tree.Word)}
    in_months = any(isinstance(item, tree.Number) and item.unit in ("months", "years") for item in field.items)
    if in_months and not named & {"or_last_day", "or_first_of_next"}:
        env.note(
            "SE0519",
            field.span,
            why=(
                "a month after 31 January is 28 February or 1 March: the payment is due on one day or the other.",
                "1 月 31 日加一个月，是 2 月 28 日还是 3 月 1 日？付款日因此不同。",
            ),
            fix=added(
                field.span,
                (" or last day", " 或月末"),
                ("pay 1 months after statement or last day", "付款 对账后 1 个月 或月末"),
                env,
            ),
        )


def refuse_loose_months(node: tree.Expression, env: Environment) -> None:
    """Refuse `2 months` as a length of time: it would have to be some number of days."""
    if not isinstance(node, tree.Number) or node.unit not in ("months", "years"):
        return
    shortest, longest = (28, 31) if node.unit == "months" else (365, 366)
    count = node.value
    env.refuse(
        "SE0402",
        (node.span, ("this has no fixed number of days", "天数不固定")),
        why=(
            f"it may be {plain(count * shortest)} or {plain(count * longest)} days, depending on where it begins.",
            f"视起点不同，可能是 {plain(count * shortest)} 天，也可能是 {plain(count * longest)} 天。",
        ),
        fix=(
            "write days, or count months between two dates: `months from ordered_on to date > 1`.",
            "写成天数，或计算两个日期之间的月数：“月数 自 下单日期 至 日期 > 1”。",
        ),
    )
