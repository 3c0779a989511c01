"""Balances between earning and bounding: what is taken off the amount, and which layers it came from (kernel rule 5)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from rules_engine.core.program import Clause, Draw
from rules_engine.engine.evaluator import Asking, Outcome
from rules_engine.settlement.earned.earning import Earned
from rules_engine.settlement.pots.book import Taker
from rules_engine.settlement.pots.drawing import taken
from rules_engine.settlement.pots.layers import Taking
from rules_engine.settlement.reasons import COVERED
from rules_engine.settlement.targets import NOTHING, Applied, View
from rules_engine.values.exact import as_fraction, exact_text
from rules_engine.values.rounding import round_to


def after_balances(view: View, clause: Clause, asking: Asking, earned: Earned) -> Earned | Outcome:
    """The earned amount less what a balance gives for it; draws off the base or inside the price are only told."""
    for draw in clause.draws:
        if earned.gated:
            break
        found = taken(view, draw.balance, Taker(clause.id, asking.group, asking.start), asking.upto, closed=asking.closed)
        if isinstance(found, Outcome):
            return found
        if found.amount:
            earned = _less(view, clause, draw, earned, found)
    return earned


def _less(view: View, clause: Clause, draw: Draw, earned: Earned, found: Taking) -> Earned:
    value = as_fraction(earned.value)
    reason = earned.reason
    if draw.how == "amount":
        whole = Fraction(round_to(value, clause.rounding.to, clause.rounding.mode))
        value = value - found.amount if found.amount < whole else Fraction(NOTHING)
        reason = reason if value else COVERED
    balance = view.program.balances[draw.balance]
    layers = "; ".join(f"{day} {exact_text(part)}" for day, part in found.parts)
    detail = {"balance": draw.balance, "title": balance.title, "taken": exact_text(found.amount), "unit": str(balance.unit), "layers": layers}
    step = Applied("against", value if draw.how == "amount" else earned.value, detail)
    return replace(earned, value=value if draw.how == "amount" else earned.value, steps=(*earned.steps, step), reason=reason)
