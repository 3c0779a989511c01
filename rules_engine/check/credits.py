"""Credit against a shortfall: used as far as something is lacking; the rest expires, or is kept as a balance of the clause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rules_engine.check.environment import Environment
from rules_engine.check.fields import words
from rules_engine.check.written.guarantee import demand_credit_rule
from rules_engine.core.expressions import Arithmetic, Expression, ResultOf, Step
from rules_engine.core.program import Adding, Balance, Draw
from rules_engine.core.units import Unit
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
            name = kept_credit(block, credit, per, period, KEPT[kept], env)
            draws.append(Draw(name, "wanted", wanted=lacking, span=credit.field.span))
            used = Step("credit_used", ResultOf(name, span=credit.field.span))
        else:
            used = Step("credit_used", Arithmetic("min", (step, lacking), Unit.MONEY))
        lacking = Step("owed", Arithmetic("-", (lacking, used), Unit.MONEY))
    return lacking, tuple(draws)


def kept_credit(
    block: Block, credit: Credit, per: tuple[str, ...], period: WindowSpec, ends: WindowSpec | None, env: Environment
) -> str:
    """The balance of a clause's unused credit; its name."""
    taken = sum(1 for name in env.balances if name.partition(".")[0] == block.id)
    name = f"{block.id}.credit" if not taken else f"{block.id}.credit{taken + 1}"
    adds = (Adding(credit.amount, "running", period, span=credit.field.span),)
    title = block.title or block.id
    env.balances[name] = Balance(
        name, title, "credit", Unit.MONEY, adds, per, expires=ends, rounding=env.header.rounding, span=credit.field.span
    )
    return name
