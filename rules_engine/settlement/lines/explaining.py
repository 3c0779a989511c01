"""The trace of a line: what was earned, and what the kernel did to it until it was due."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from rules_engine.core.trace import TraceStep
from rules_engine.core.units import Unit
from rules_engine.engine.evaluator import Explainer
from rules_engine.settlement.past.statements import ADJUSTED
from rules_engine.settlement.subtract import Movement
from rules_engine.settlement.targets import Applied, Target, View


def trace(view: View, explainer: Explainer | None, movement: Movement) -> TraceStep:
    """Steps from the earned amount outwards: proportion, bounds, rounding, shares, then the subtraction."""
    adjusted = movement.key.clause.endswith(ADJUSTED)
    step = (
        TraceStep("adjustment", movement.amount, Unit.MONEY) if adjusted else _earned(view, explainer, movement.target)
    )
    unit = _counted_in(view, movement.key.clause)
    if movement.target is not None:
        step = _wrapped(step, movement.target.steps, unit)
    if movement.entitled is not None:
        step = _wrapped(step, movement.entitled.steps, unit)
    detail = {"posted": str(movement.posted.amount), "target": str(movement.amount)}
    if movement.posted.lines:
        detail["lines"] = ", ".join(line.id for line in movement.posted.lines)
    return TraceStep("subtract", movement.due, unit, "", (step,), detail)


def _counted_in(view: View, name: str) -> Unit:
    """Pieces where a clause is settled in units of goods, else money."""
    clause = view.program.clauses.get(name)
    return Unit.QUANTITY if clause is not None and clause.goods == "units" else Unit.MONEY


def _earned(view: View, explainer: Explainer | None, target: Target | None) -> TraceStep:
    if target is None:
        return TraceStep("target", Decimal(0), Unit.MONEY)
    if explainer is None or target.expression is None:
        return TraceStep("limit" if target.expression is None else "target", target.exact, Unit.MONEY)
    _, step = explainer.explain(target.expression, target.asking, view.results)
    return step


def _wrapped(step: TraceStep, applied: Iterable[Applied], unit: Unit) -> TraceStep:
    for item in applied:
        step = TraceStep(item.op, item.value, unit, "", (step,), item.detail)
    return step
