"""Who funds an amount: the payer's part is the line (decision 0030)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from rules_engine.core.program import Clause
from rules_engine.settlement.targets import NOTHING, Applied, Target
from rules_engine.values.rounding import largest_remainder


def is_parted(clause: Clause) -> bool:
    """Whether every part of a spread is funded by itself, instead of the whole amount."""
    return clause.spread is not None and clause.spread.by != "day"


def own_part(clause: Clause, amount: Decimal) -> tuple[Decimal, Applied]:
    """The payer's part, and the step that names every part; they add up, the odd cents go to the largest remainders."""
    rest = 1 - sum((item.share for item in clause.funding if item.share is not None), NOTHING)
    weights = [rest if item.share is None else item.share for item in clause.funding]
    parts = largest_remainder(amount, weights, clause.rounding.to)
    own = sum((part for item, part in zip(clause.funding, parts, strict=True) if item.party == clause.payer), NOTHING)
    told = " ".join(f"{item.party}={part}" for item, part in zip(clause.funding, parts, strict=True))
    return own, Applied("share", own, {"funder": clause.payer, "funders": told})


def funded(clause: Clause, target: Target) -> Target:
    """The target as the payer's part, so that readers, limits and lines see the same money."""
    if not clause.funding or is_parted(clause) or target.kept or target.failure or not target.amount:
        return target
    own, step = own_part(clause, target.amount)
    return replace(target, amount=own, steps=(*target.steps, step))
