"""From a clause to its shape and parameters: earn, bound and round as the kernel does at a window's close."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256

from rules_engine.core.expressions import Expression, Priced, Step
from rules_engine.core.program import Bound, Clause, Program
from rules_engine.engine.reading.identity import signature
from rules_engine.lowered.builder import NOTHING, Builder, Said, Value
from rules_engine.lowered.digits import Refused, whole_number, written_places
from rules_engine.lowered.expressions import Lowering
from rules_engine.lowered.model import Lowered, Operand, Reason, Refusal, Shape, WindowShare
from rules_engine.lowered.prices import priced_value

SIDES = ("most", "least")
OUTSIDE: tuple[tuple[Reason, Callable[[Clause], bool]], ...] = (
    (Reason.REVERSAL, lambda clause: clause.reverses is not None),
    (Reason.BALANCES, lambda clause: bool(clause.draws)),
    (Reason.ONCE_REACHED, lambda clause: clause.once_reached),
    (Reason.CARRIED, lambda clause: clause.negative == "carry"),
    (Reason.FUNDING, lambda clause: bool(clause.funding)),
    (Reason.WIDER_BOUND, lambda clause: not all(own_window(clause, bound) for bound in clause.bounds)),
)


def shape_of(
    program: Program, clause: Clause, input_scale: Sequence[int] | None = None, *, day: date | None = None, closed: bool = True
) -> Lowered | Refusal:
    """What the clause comes to at one point, as straight-line arithmetic; or why it is left to the interpreter.

    `input_scale` gives the decimals of the inputs where sums have more than their columns usually have. `day` is the last day
    that is seen: what the contract dates is refused without it. At a point before the window's close (not `closed`) no floor
    counts and a provisional price holds. What several points of `on account` come to together is the kernel's.
    """
    try:
        for reason, holds in OUTSIDE:
            if holds(clause):
                raise Refused(reason)
        return _lowered(Lowering(program, clause, priced_value, input_scale, day), closed=closed)
    except Refused as refused:
        return Refusal(refused.reason.value)


def own_window(clause: Clause, bound: Bound) -> bool:
    """Whether the bound looks at the clause's own window alone."""
    return bound.window is None or (bound.window == clause.period and bound.window.kind != "rolling")


def _lowered(lowering: Lowering, *, closed: bool) -> Lowered:
    clause, build = lowering.clause, lowering.build
    shares: list[WindowShare] = []
    value = _cut(build, lowering.value(_priced(clause, provisional=not closed)), clause.proportion, None, shares)
    if clause.negative == "zero":
        build.said = Said("negative", clause.span)
        value = build.extreme("max", (value, NOTHING))
    value = _bounded(lowering, value, shares, SIDES if closed else SIDES[:1])
    if clause.when is not None:
        gate = lowering.value(clause.when)
        build.said = Said("when", clause.span)
        value = build.chosen(gate, value, NOTHING)
    return _finished(lowering, value, tuple(shares))


def _priced(clause: Clause, *, provisional: bool) -> Expression:
    """What the clause earns: its own expression, or its base at the provisional price before the close."""
    plan = clause.on_account
    if not provisional or plan is None or plan.provisional is None:
        return clause.earn
    earned = clause.earn
    while isinstance(earned, Step):
        earned = earned.operand
    if isinstance(earned, Priced):
        return replace(earned, price=plan.provisional, qualify=None)
    return earned if clause.base is None else Priced(clause.base, plan.provisional, span=clause.span)


def _cut(build: Builder, value: Value, how: str, bound: Bound | None, shares: list[WindowShare]) -> Value:
    """The value times the share that a cut window has of its whole one."""
    if not how:
        return value
    build.said = Said("proportion")
    place = len(build.parameters)
    share, den = build.parameter(1), build.parameter(1)
    shares.append(WindowShare(place, how, bound))
    found = build.product(value, Value(0, share))
    return replace(found, den=den if found.den is None else build.emit("multiply", (found.den, den), 0))


def _bounded(lowering: Lowering, value: Value, shares: list[WindowShare], sides: Sequence[str]) -> Value:
    """Caps, then floors, all over the clause's own window."""
    build, clause = lowering.build, lowering.clause
    for side in sides:
        for bound in clause.bounds:
            if bound.side != side:
                continue
            limit = _cut(build, lowering.value(bound.amount), bound.proportion, bound, shares)
            build.said = Said(side, bound.span)
            if side == "most":
                value = build.extreme("min", (value, build.extreme("max", (limit, NOTHING))))
            else:
                value = build.extreme("max", (value, limit))
    return value


def _finished(lowering: Lowering, value: Value, shares: tuple[WindowShare, ...]) -> Lowered:
    clause, build = lowering.clause, lowering.build
    build.said = Said("exact", clause.span)
    exact = _register(build, value, value.scale)
    places = written_places(clause.rounding.to)
    build.said = Said("round", clause.span)
    rounded = build.rounded(value, whole_number(clause.rounding.to, places), places, clause.rounding.mode)
    amount = _register(build, rounded, places)
    sure = None if value.sure is None else build.emit("copy", (value.sure,), 0).index
    in_total = clause.rounding_place.endswith("total") and bool(clause.per)
    ends = (exact, value.scale, value.den, amount, places, sure, in_total)
    shape = Shape(
        _key(lowering, ends, shares), tuple(build.steps), tuple(lowering.inputs), tuple(lowering.input_scale), *ends, shares,
        tuple(build.schema),
    )  # fmt: skip
    return Lowered(shape, tuple(build.parameters))


def _key(lowering: Lowering, ends: tuple[object, ...], shares: Sequence[WindowShare]) -> str:
    """The shape's name: equal for contracts that differ only in numbers, ids, titles and places."""
    steps = [(step.op, step.detail, *map(tuple, step.args)) for step in lowering.build.steps]
    inputs = [signature(item) for item in lowering.inputs]
    named = [(share.place, share.how, share.bound is None) for share in shares]
    return sha256(repr((steps, inputs, lowering.input_scale, ends, named)).encode()).hexdigest()[:32]


def _register(build: Builder, value: Value, scale: int) -> int:
    """The register of the value at a scale."""
    at: Operand = build.operand(value, scale)
    if at.kind == "r" and at.factor == 1:
        return at.index
    return build.emit("copy", (at,), scale, den=value.den).index
