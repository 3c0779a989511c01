"""What the language has words for and this version does not settle: refused by name, never read as something near."""

from __future__ import annotations

from typing import NoReturn

from rules_engine.check.environment import Both, Environment
from rules_engine.source import Span

RESERVED: dict[str, tuple[Both, Both]] = {
    "third_party": (
        (
            "this statement is between the platform and the supplier: 100.00 between the platform and somebody else would move the supplier's payout by 100.00.",
            "结算单只涉及平台与供应商：平台与他人之间的 100.00 会使供应商的付款变动 100.00。",
        ),
        ("name the supplier as payer, or leave the clause to a contract of that party", "付款方写“供应商”，或把该条款写进与该方的合同"),
    ),
    "paid_in_goods": (
        ("goods instead of money are not available yet; the line would be deducted in cash.", "暂不支持货补；该行会按账扣处理。"),
        ("invoice deducted in cash", "开票 账扣"),
    ),
}  # fmt: skip


def refuse_reserved(what: str, span: Span, env: Environment) -> NoReturn:
    """Refuse one of them."""
    why, fix = RESERVED[what]
    env.refuse("SE0216", span, why=why, fix=fix)
