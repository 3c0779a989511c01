"""A guarantee must say over what it is pooled, for which period, and what becomes of unused credit."""

from __future__ import annotations

from rules_engine.check.meaning.environment import Environment
from rules_engine.check.meaning.fields import Fields
from rules_engine.check.meaning.wording import added
from rules_engine.syntax.tree import Field

UNUSED = ("unused_expires", "unused_carries_forward", "unused_expires_at_year_end")
"""What may become of credit that meets no shortfall."""


def demand_group(fields: Fields, env: Environment) -> None:
    """Pooled over the contract or each line by itself."""
    if not fields.has("per"):
        env.note(
            "SE0505",
            fields.span,
            why=(
                (
                    "ten units sold at 100.00 and ten at 70.00, all costing 80.00, guaranteed 10%: over the whole contract the good ones make up\n"
                    "for the bad ones and 70.00 is due; for each document line by itself 170.00 is due. 100.00 lies between the two."
                ),
                "成本均为 80.00 的货，十件售 100.00、十件售 70.00，保证 10%：\n按整个合同盈亏相抵应补 70.00，按单据行逐行应补 170.00，相差 100.00。",
            ),
            fix=("per contract\n(or `per sku`, or `per document line`)", "按 合同\n（或“按 商品编码”，或“按 单据行”）"),
        )


def demand_guarantee_period(fields: Fields, env: Environment) -> None:
    """Month by month costs the supplier more than over the year."""
    if not fields.has("period"):
        env.note(
            "SE0518",
            fields.span,
            why=(
                "a month 500.00 short and the next 300.00 above: judged by month 500.00 is due, by quarter 200.00. 300.00 lies between the two.",
                "一个月缺 500.00，次月超 300.00：按月应补 500.00，按季应补 200.00，相差 300.00。",
            ),
            fix=("period quarter, on account monthly", "周期 季度, 每月预结"),
        )


def demand_credit_rule(field: Field, named: tuple[str, ...], env: Environment) -> None:
    """Credit beyond the shortfall expires or is kept."""
    if set(named) & set(UNUSED):
        return
    env.note(
        "SE0514",
        field.span,
        why=(
            (
                "100,000.00 of spend at 70% is 70,000.00 of credit; against a shortfall of 50,000.00 the other 20,000.00 expires or lowers the next\n"
                "window's bill. 20,000.00 lies between the two."
            ),
            "推广费 100,000.00 的 70% 为 70,000.00；缺口 50,000.00 时，余下 20,000.00 或作废，或抵减下期，\n相差 20,000.00。",
        ),
        fix=added(
            field.span,
            (", unused expires", ", 未用作废"),
            ("credit 70% of ad_spend, unused expires", "双计 推广投入 的 70%, 未用作废"),
            env,
        ),
    )
