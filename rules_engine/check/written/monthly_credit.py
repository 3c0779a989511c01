"""Monthly credit (月结30天) is used for three different days; which one is meant must be written."""

from __future__ import annotations

from rules_engine.check.meaning.environment import Environment
from rules_engine.syntax import tree


def demand_readings(field: tree.Field, env: Environment) -> None:
    """Refuse a term that only says monthly credit, with the day of each reading."""
    env.note(
        "SE0581",
        field.span,
        why=(
            (
                "goods received on 10 March on 30 days of monthly credit are due on 9 April (30 days), on 10 April (a month),\n"
                "or on 30 April (30 days from the end of the month). On 1,000,000.00 at 6% a year the 21 days are 3,452.05."
            ),
            (
                "3 月 10 日收货、月结 30 天：或者 4 月 9 日付款（30 天），或者 4 月 10 日（一个月），或者 4 月 30 日（月末起 30 天）。\n"
                "1,000,000.00 按年利率 6% 计，21 天相差 3,452.05。"
            ),
        ),
        fix=(
            "pay 30 days after month end (or `30 days after receipt`, or `1 months after receipt or last day`)",
            "付款 月末后 30 天（或“收货后 30 天”，或“收货后 1 个月 或月末”）",
        ),
    )
