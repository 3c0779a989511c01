"""A revenue called by a trade word nobody defined: with or without coupons is money."""

from __future__ import annotations

from rules_engine.check.meaning.environment import Environment
from rules_engine.syntax.tree import Name

TRADE_WORDS = frozenset(
    [
        "gmv",
        "sales",
        "revenue",
        "turnover",
        "net_sales",
        "gross_sales",
        "sales_amount",
        "retail_sales",
        "销售额",
        "净销售额",
        "营业额",
        "流水",
        "收入",
        "成交额",
        "零售额",
        "含券销售额",
        "券后销售额",
    ]
)


def explain_revenue_name(node: Name, env: Environment) -> None:
    """Refuse an undeclared revenue word with the readings it could have, priced on one sale."""
    if node.id.lower() not in TRADE_WORDS:
        return
    env.refuse(
        "SE0503",
        node.span,
        why=(
            (
                f"`{node.id}` is not declared, and it can mean several sums. A sale listed at 100.00 with 20.00 of the supplier's coupon and\n"
                "10.00 of the platform's: 70.00 paid, 80.00 with the platform's coupon in, 100.00 with every coupon in.\n"
                "At 10% the readings differ by 3.00 on this one sale (7.00, 8.00 or 10.00)."
            ),
            (
                f"“{node.id}”没有声明，可以有几种算法。一笔标价 100.00、供应商券 20.00、平台券 10.00 的销售：\n"
                "实付 70.00，含平台券 80.00，含全部优惠券 100.00。按 10% 计，这一笔就相差 3.00（7.00、8.00 或 10.00）。"
            ),
        ),
        fix=(
            f"measure {node.id}\n  sum of paid + platform_coupon over sales less customer_returns",
            f"口径 {node.id}\n  合计 实付 + 平台券 取自 销售单 减 客退单",
        ),
    )
