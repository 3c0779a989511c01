"""Earn: what a clause comes to at one point, with its condition, its proportion and its policy for negatives."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from rules_engine.core.expressions import Expression, Price, Priced, Step
from rules_engine.core.program import Clause
from rules_engine.engine.evaluator import Asking, Outcome
from rules_engine.record import dataclass, replace
from rules_engine.settlement.reasons import NOT_MET, ZERO
from rules_engine.settlement.schedule import uncut
from rules_engine.settlement.targets import NOTHING, Applied, View
from rules_engine.values.exact import Number, as_fraction
from rules_engine.values.period import Period
from rules_engine.values.windows import proportion

ONE_DAY = timedelta(days=1)
POLICIES = frozenset({"carry", "zero"})
"""Policies that change a negative amount."""


@dataclass(frozen=True, slots=True)
class Earned:
    """The exact amount before bounds; `carry` is the negative rest that goes on to the next window."""

    value: Number
    expression: Expression
    steps: tuple[Applied, ...] = ()
    reason: str = ""
    carry: Number = NOTHING
    gated: bool = False


def earn(view: View, clause: Clause, asking: Asking, carried: Number) -> Earned | Outcome:
    """The clause at one point, or the outcome that has no value. `carried` is the negative rest of earlier windows."""
    expression = priced(clause, provisional=not asking.closed)
    if clause.when is not None:
        gate = _gate(view, clause, clause.when, asking)
        if gate.value is None:
            return gate if clause.bounds else _either_way(view, expression, asking) or gate
        if gate.value is not True:
            return Earned(NOTHING, expression, (Applied("when", NOTHING, {"held": "no"}),), NOT_MET, gated=True)
    outcome = view.evaluator.evaluate(expression, asking, view.results)
    if not isinstance(outcome.value, Decimal | Fraction):
        return outcome
    return _policies(view, clause, asking, Earned(outcome.value, expression), carried)


def _either_way(view: View, expression: Expression, asking: Asking) -> Earned | None:
    """Nothing, where the clause earns nothing whether its undecided condition holds or not."""
    value = view.evaluator.evaluate(expression, asking, view.results).value
    return Earned(NOTHING, expression, reason=ZERO) if isinstance(value, Decimal | Fraction) and value == 0 else None


def priced(clause: Clause, *, provisional: bool) -> Expression:
    """What is evaluated: the clause's own expression, or its base at the provisional price before the close."""
    plan = clause.on_account
    if not provisional or plan is None or plan.provisional is None:
        return clause.earn
    return _at(clause, clause.earn, plan.provisional)


def _at(clause: Clause, expression: Expression, price: Price) -> Expression:
    if isinstance(expression, Step):
        return _at(clause, expression.operand, price)
    if isinstance(expression, Priced):
        return replace(expression, price=price, qualify=None)
    return expression if clause.base is None else Priced(clause.base, price, span=clause.span)


def _gate(view: View, clause: Clause, when: Expression, asking: Asking) -> Outcome:
    """The condition now; with `once reached, stays`, at the end of any day with documents so far (kernel rule 17)."""
    now = view.evaluator.evaluate(when, asking, view.results)
    if not clause.once_reached or now.value is True:
        return now
    for day in dict.fromkeys(view.facts.clock(document) for document in view.facts.documents(when, asking)):
        then = view.evaluator.evaluate(when, replace(asking, upto=day + ONE_DAY, closed=False), view.results)
        if then.value is True:
            return then
    return now


def _policies(view: View, clause: Clause, asking: Asking, earned: Earned, carried: Number) -> Earned:
    value, steps = earned.value, list(earned.steps)
    carry: Number = NOTHING
    if not clause.proportion and clause.negative not in POLICIES:
        return earned
    if clause.proportion:
        share = cut_share(view, clause, Period(asking.start, asking.end))
        if share != 1:
            value = as_fraction(value) * share
            steps.append(Applied("proportion", value, {"share": str(share), "how": clause.proportion}))
    if clause.negative == "carry":
        value, carry = _carried(value, carried, steps)
    elif clause.negative == "zero" and value < 0:
        value = NOTHING
        steps.append(Applied("negative", value, {"policy": "zero"}))
    return replace(earned, value=value, steps=tuple(steps), carry=carry)


def _carried(value: Number, carried: Number, steps: list[Applied]) -> tuple[Number, Number]:
    """What is left after the negative rest of earlier windows, and the negative rest that goes on."""
    if not carried and value >= 0:
        return value, NOTHING
    rest = as_fraction(value) + as_fraction(carried)
    steps.append(Applied("negative", max(rest, Fraction(0)), {"policy": "carry", "carried": str(carried)}))
    return (rest, NOTHING) if rest >= 0 else (NOTHING, rest)


def cut_share(view: View, clause: Clause, window: Period) -> Fraction:
    """What share of its calendar window a cut one is, as the clause says."""
    return proportion(window, uncut(view.program.header, clause.period, window), clause.proportion)
