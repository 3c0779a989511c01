"""Rounding on the total: the clause's sum is rounded, its groups take their parts of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from math import floor

from rules_engine.core.expressions import Rounding
from rules_engine.settlement.targets import Applied, Target
from rules_engine.values.exact import as_decimal, as_fraction
from rules_engine.values.rounding import round_to


def round_in_total(found: Sequence[Target], rounding: Rounding) -> list[Target]:
    """The targets of one window with amounts that add up to their rounded sum; a unit without a value blocks them all."""
    failed = [target.failure for target in found if target.failure is not None]
    if failed:
        return [replace(target, failure=target.failure or failed[0]) for target in found]
    exact = [as_fraction(target.exact) for target in found]
    total = as_fraction(round_to(sum(exact, Fraction(0)), rounding.to, rounding.mode))
    parts = _parts(total, exact, as_fraction(rounding.to))
    return [_with(target, part, rounding) for target, part in zip(found, parts, strict=True)]


def _parts(total: Fraction, exact: Sequence[Fraction], to: Fraction) -> list[Fraction]:
    """Each amount rounded down or up so that they add to the total: up where the largest remainders are."""
    parts = [floor(value / to) for value in exact]
    left = int(total / to) - sum(parts)
    order = sorted(range(len(exact)), key=lambda index: parts[index] - exact[index] / to)
    for index in order[:left]:
        parts[index] += 1
    return [part * to for part in parts]


def _with(target: Target, part: Fraction, rounding: Rounding) -> Target:
    amount = round_to(as_decimal(part), rounding.to, "half_up")
    detail = {"to": str(rounding.to), "mode": rounding.mode, "place": "total"}
    steps = (*(step for step in target.steps if step.op != "round"), Applied("round", amount, detail))
    return replace(target, amount=amount, steps=steps, reason=target.reason if not amount else "")
