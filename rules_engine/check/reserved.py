"""What the language has words for and this version does not settle: refused by name, never read as something near."""

from __future__ import annotations

from typing import NoReturn

from rules_engine.check.environment import Both, Environment
from rules_engine.source import Span

RESERVED: dict[str, tuple[Both, Both]] = {
    "paid_in_goods": (
        ("goods instead of money are not available yet; the line would be deducted in cash.", "暂不支持货补；该行会按账扣处理。"),
        ("invoice deducted in cash", "开票 账扣"),
    ),
}  # fmt: skip


def refuse_reserved(what: str, span: Span, env: Environment) -> NoReturn:
    """Refuse one of them."""
    why, fix = RESERVED[what]
    env.refuse("SE0216", span, why=why, fix=fix)
