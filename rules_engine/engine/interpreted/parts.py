"""The plain price: percents, unit prices and lumps added up, then bound once."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor

from rules_engine.core.expressions import Part, Parts
from rules_engine.core.trace import TraceStep
from rules_engine.core.units import Unit
from rules_engine.core.walk import unit_of
from rules_engine.engine.evaluator import Outcome
from rules_engine.engine.interpreted.cancelling import PROPORTIONAL
from rules_engine.engine.interpreted.contributions import document_count, shares
from rules_engine.engine.outcomes import failure, number
from rules_engine.engine.scope import Slice, Teller, Told, asked, constant, text, told
from rules_engine.record import dataclass, replace
from rules_engine.values.exact import as_fraction
from rules_engine.values.rounding import round_to

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Rated:
    """A part whose amount is known."""

    kind: str
    amount: Fraction
    unit: Unit
    count: Fraction
    step: str
    told: TraceStep

    @property
    def proportional(self) -> bool:
        """Whether half the base earns half of it."""
        return self.kind == "rate" or (self.kind == "per" and self.step == "exact")


def parts_amount(teller: Teller, parts: Parts, part: Slice) -> Told:
    """The sum of the parts, then floor and cap. A negative base pays percent and unit parts with their sign, nothing else."""
    rated = rate(teller, parts, part)
    if isinstance(rated, Outcome):
        return told("parts", rated, part.unit, span=parts.span)
    outcome, step = summed(teller, rated, part)
    if part.base < 0 or outcome.value is None:
        return outcome, replace(step, span=parts.span)
    for op, bound in (("floor", parts.floor), ("cap", parts.cap)):
        if bound is not None:
            outcome, step = _bound(teller, op, bound, part, (outcome, step))
    return outcome, replace(step, span=parts.span)


def rate(teller: Teller, parts: Parts, part: Slice) -> list[Rated] | Outcome:
    """The parts with their amounts, read for the whole asking group."""
    scope = asked(part)
    found = [(item, *teller.tell(item.amount, scope)) for item in parts.parts]
    failed = failure([outcome for _, outcome, _ in found])
    if failed is not None:
        return failed
    return [_rated(item, outcome, step) for item, outcome, step in found]


def _rated(item: Part, outcome: Outcome, step: TraceStep) -> Rated:
    return Rated(item.kind, number(outcome), unit_of(item.amount), as_fraction(item.count), item.step, step)


def summed(teller: Teller, rated: Sequence[Rated], part: Slice) -> Told:
    """The sum of the parts for the slice, each document's part rounded where the contract says so."""
    kept = [item for item in rated if item.kind in PROPORTIONAL] if part.base < 0 else list(rated)
    if part.each is not None and any(item.proportional for item in kept):
        return _rounded_each(teller, kept, part)
    steps = [_step(teller, item, part) for item in kept]
    total = sum((as_fraction(_number(step)) for step in steps), ZERO)
    if len(steps) == 1:
        return Outcome(total), steps[0]
    return told("+" if steps else "parts", Outcome(total), part.unit, steps)


def _number(step: TraceStep) -> Fraction:
    assert isinstance(step.value, Fraction)
    return step.value


def _step(teller: Teller, item: Rated, part: Slice) -> TraceStep:
    match item.kind:
        case "rate":
            base = constant(part.base, part.base_unit)
            return TraceStep("*", part.base * item.amount, part.unit, parts=(base, _amount(item)))
        case "per":
            units = constant(_units(part.base, item), Unit.NUMBER, {"count": text(item.count), "step": item.step})
            return TraceStep("*", _units(part.base, item) * item.amount, part.unit, parts=(units, _amount(item)))
        case "per_document":
            documents = constant(Fraction(document_count(teller, part)), Unit.NUMBER)
            return TraceStep("*", _number(documents) * item.amount, part.unit, parts=(documents, _amount(item)))
        case "lump" | "formula":
            return replace(item.told, op=item.told.op if item.told.parts else item.kind)
        case _:
            raise ValueError(f"unknown part {item.kind}")


def _amount(item: Rated) -> TraceStep:
    return item.told


def _units(base: Fraction, item: Rated) -> Fraction:
    """How often the unit price is paid; started and full units count alike below zero."""
    units = base / item.count
    match item.step:
        case "exact":
            return units
        case "started":
            return Fraction(ceil(abs(units)) * (1 if units >= 0 else -1))
        case "full":
            return Fraction(floor(abs(units)) * (1 if units >= 0 else -1))
        case _:
            raise ValueError(f"unknown step {item.step}")


def _rounded_each(teller: Teller, rated: Sequence[Rated], part: Slice) -> Told:
    assert part.each is not None
    each = part.each
    ratio = sum((item.amount / item.count for item in rated if item.proportional), ZERO)
    found = shares(teller, part)
    total = sum((as_fraction(round_to(share * ratio, each.to, each.mode)) for share in found), ZERO)
    steps = [
        TraceStep(
            "*",
            total,
            part.unit,
            parts=(constant(part.base, part.base_unit), constant(ratio, Unit.NUMBER)),
            detail={"each": str(each.to), "mode": each.mode, "documents": str(len(found))},
        )
    ]
    for item in rated:
        if not item.proportional:
            step = _step(teller, item, part)
            steps.append(replace(step, value=as_fraction(round_to(_number(step), each.to, each.mode))))
    whole = sum((_number(step) for step in steps), ZERO)
    return told("+", Outcome(whole), part.unit, steps) if len(steps) > 1 else (Outcome(whole), steps[0])


def _bound(teller: Teller, op: str, bound: Parts, part: Slice, found: Told) -> Told:
    """A floor or cap on the sum."""
    limit, limit_step = parts_amount(teller, bound, replace(part, each=None))
    if limit.value is None:
        return told(op, limit, part.unit, (found[1], limit_step), span=bound.span)
    amount, against = number(found[0]), number(limit)
    binds = amount < against if op == "floor" else amount > against
    value = against if binds else amount
    detail = {"binds": "yes" if binds else "no", "bound": text(against)}
    return told("max" if op == "floor" else "min", Outcome(value), part.unit, (found[1], limit_step), span=bound.span, detail=detail)
