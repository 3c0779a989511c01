"""Credit against a shortfall: used as far as something is lacking; the rest expires, or is kept as a balance of the clause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rules_engine.check.amended.versions import bare
from rules_engine.check.meaning.environment import Environment
from rules_engine.check.meaning.fields import words
from rules_engine.check.written.guarantee import demand_credit_rule
from rules_engine.core.expressions import Arithmetic, Expression, ResultOf, Step
from rules_engine.core.program import Adding, Balance, Draw
from rules_engine.core.units import Unit
from rules_engine.record import dataclass
from rules_engine.syntax.tree import Block, Field
from rules_engine.values.period import WindowSpec

KEPT = {"unused_carries_forward": None, "unused_expires_at_year_end": WindowSpec("year")}
"""Words that keep credit for later windows, and the window in which it ends."""


@dataclass(frozen=True, slots=True)
class Credit:
    """One credit line and what it comes to."""

    field: Field
    amount: Expression


def after_credits(
    block: Block, lacking: Expression, offered: Sequence[Credit], per: tuple[str, ...], period: WindowSpec, env: Environment
) -> tuple[Expression, tuple[Draw, ...]]:
    """The shortfall less each credit, which is worth at most what is still lacking, and what is drawn on kept credit."""
    draws: list[Draw] = []
    for credit in offered:
        demand_credit_rule(credit.field, words(credit.field), env)
        step = Step("credit", credit.amount)
        kept = next((word for word in KEPT if word in words(credit.field)), "")
        if kept:
            name = kept_credit(block, credit, per, period, KEPT[kept], env, len(draws))
            draws.append(Draw(name, "wanted", wanted=lacking, span=credit.field.span))
            used = Step("credit_used", ResultOf(name, span=credit.field.span))
        else:
            used = Step("credit_used", Arithmetic("min", (step, lacking), Unit.MONEY))
        lacking = Step("owed", Arithmetic("-", (lacking, used), Unit.MONEY))
    return lacking, tuple(draws)


def kept_credit(
    block: Block, credit: Credit, per: tuple[str, ...], period: WindowSpec, ends: WindowSpec | None, env: Environment, before: int = 0
) -> str:
    """The balance of a clause's unused credit, `before` others of it; its name, the same under every text of the clause."""
    name = f"{block.id}.credit" if not before else f"{block.id}.credit{before + 1}"
    adds = (Adding(credit.amount, "running", period, span=credit.field.span),)
    title = block.title or block.id
    register(
        Balance(
            name, title, "credit", Unit.MONEY, adds, per, expires=ends, rounding=env.header.rounding, span=credit.field.span
        ),
        env,
    )
    return name


def register(balance: Balance, env: Environment) -> None:
    """A balance that a clause brings; an amendment may not change what is added to it, or the past would change with it."""
    known = env.balances.get(balance.id)
    if known is not None and bare(replace(known, title=balance.title)) != bare(balance):
        env.refuse(
            "SE0218",
            (balance.span, ("changed here", "在此变更")),
            (known.span, ("as it was", "原文")),
            why=(
                "what was kept from earlier windows would be worked out by the new text: 70.00 kept of 100.00 would become 50.00 at 50%.",
                "以前期间结转的额度会按新条文重算：100.00 的 70% 已结转 70.00，按 50% 会变为 50.00。",
            ),
            fix=("end the clause and add it under another name", "终止该条款，并以新名称新增"),
        )
    env.balances[balance.id] = balance
