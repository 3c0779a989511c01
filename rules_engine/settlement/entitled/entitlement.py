"""Entitlement: T of every calculation unit of a clause at a moment: earn, bound, round (kernel rules 1, 3 to 7)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from rules_engine.core.expressions import Expression, ResultOf
from rules_engine.core.program import Clause, Program
from rules_engine.core.remembered import once
from rules_engine.core.walk import walk
from rules_engine.engine.evaluator import Asking, Outcome
from rules_engine.record import replace
from rules_engine.settlement.earned.bounding import Past, Unit, bounded, floor_windows
from rules_engine.settlement.earned.earning import Earned, earn
from rules_engine.settlement.earned.funding import funded
from rules_engine.settlement.earned.reversing import given_back, stage_targets
from rules_engine.settlement.earned.rounding import round_in_total
from rules_engine.settlement.links import linked_groups
from rules_engine.settlement.pots.covered import after_balances
from rules_engine.settlement.reasons import CAPPED, NOT_CLOSED, ZERO
from rules_engine.settlement.schedule import Stage, stages
from rules_engine.settlement.targets import NOTHING, PENDING, Applied, Group, Target, Unit as Key, View
from rules_engine.values.exact import Number
from rules_engine.values.rounding import round_to

Pasts = dict[Group, list[Past]]


def targets(view: View, clause: Clause, moment: date) -> tuple[Target, ...]:
    """T of every window and group of the clause at a moment; computed once."""
    known = view.memo.get((clause.id, moment))
    if known is None:
        flags = _flags(view, clause)
        found = view.so_far[clause.id, moment] = []
        try:
            for target in _targets(view, clause, moment):
                found.append(funded(clause, target))  # noqa: PERF401 - what stands so far is read while the rest is computed
        finally:
            del view.so_far[clause.id, moment]
        known = tuple(replace(target, flags=flags) for target in found) if flags else tuple(found)
        view.memo[clause.id, moment] = known
    return known


def _targets(view: View, clause: Clause, moment: date) -> Iterable[Target]:
    if clause.reverses is not None:
        yield from _reversed(view, clause, moment)
        return
    pasts: Pasts = {}
    for stage in stages(view.program, clause, moment, view.facts, accruing=view.accruing):
        found = _stage_targets(view, clause, stage, pasts)
        for target, carry in found:
            pasts.setdefault(target.group, []).append(Past(target.window, target.amount, carry))
            yield target


def _reversed(view: View, clause: Clause, moment: date) -> Iterable[Target]:
    parts = given_back(view, clause, moment, targets)
    for stage in stages(view.program, clause, moment, view.facts):
        if Key(clause.id, stage.window.start) in view.kept:
            yield from _kept(view, clause, stage)
        elif not stage.points:
            yield from (_empty(clause, stage, group, NOT_CLOSED) for group in _waiting(view, clause, stage))
        else:
            yield from stage_targets(clause, stage, parts, view.posted.get(Key(clause.id, stage.window.start), {}))


def _stage_targets(view: View, clause: Clause, stage: Stage, pasts: Pasts) -> list[tuple[Target, Number]]:
    if Key(clause.id, stage.window.start) in view.kept:
        return [(target, NOTHING) for target in _kept(view, clause, stage)]
    if not stage.points:
        return [(_empty(clause, stage, group, NOT_CLOSED), NOTHING) for group in _waiting(view, clause, stage)]
    found = [_stand(view, clause, stage, group, pasts.get(group, ())) for group in _groups(view, clause, stage, pasts)]
    if clause.rounding_place.endswith("total") and clause.per:
        rounded = round_in_total([target for target, _ in found], clause.rounding)
        return list(zip(rounded, (carry for _, carry in found), strict=True))
    return found


def _kept(view: View, clause: Clause, stage: Stage) -> Iterable[Target]:
    for group, amount in view.posted.get(Key(clause.id, stage.window.start), {}).items():
        yield replace(_empty(clause, stage, group, ""), amount=amount, kept=True)


def _empty(clause: Clause, stage: Stage, group: Group, reason: str) -> Target:
    per = clause.per if len(group) == len(clause.per) else ()
    return Target(clause.id, per, group, stage.window, stage.window.start, stage.closed, reason=reason)


def _waiting(view: View, clause: Clause, stage: Stage) -> tuple[Group, ...]:
    """The groups of a window in which nothing is owed yet; one blank group where none is known."""
    named = (*clause.groups, *view.posted.get(Key(clause.id, stage.window.start), {}))
    return tuple(dict.fromkeys(named)) or ((),)


def _groups(view: View, clause: Clause, stage: Stage, pasts: Pasts) -> tuple[Group, ...]:
    """Contract rows, then documents, then posted lines; a floor that closes now also sees the groups of its earlier windows
    (kernel rule 3)."""
    if not clause.per:
        return ((),)
    found = view.facts.groups(clause.earn, clause.per, stage.window.start, stage.points[-1])
    read = linked_groups(view.facts, clause.per, found)
    posted = view.posted.get(Key(clause.id, stage.window.start), {})
    return tuple(dict.fromkeys((*clause.groups, *read, *posted, *_seen(view, clause, stage, pasts))))


def _seen(view: View, clause: Clause, stage: Stage, pasts: Pasts) -> Iterable[Group]:
    if not clause.bounds or not stage.closed:
        return ()
    closing = floor_windows(view, clause, stage.window)
    return [group for group, past in pasts.items() if any(item.window.within(wide) for item in past for wide in closing)]


def _stand(view: View, clause: Clause, stage: Stage, group: Group, past: Sequence[Past]) -> tuple[Target, Number]:
    """T at the last point; the highest so far where the contract does not take back (kernel rule 7)."""
    plan = clause.on_account
    taken_back = "always" if plan is None else plan.taken_back
    last, carry = _at(view, clause, stage, group, stage.points[-1], past)
    if taken_back == "always" or (taken_back == "at_end" and stage.closed) or last.failure:
        return last, carry
    best = last
    for point in stage.points[:-1]:
        if group not in _groups_at(view, clause, stage, point):
            continue
        other, _ = _at(view, clause, stage, group, point, past)
        if other.failure:
            return other, carry
        best = other if other.amount > best.amount else best
    return _never_below(best, last), carry


def _groups_at(view: View, clause: Clause, stage: Stage, point: date) -> Sequence[Group]:
    """The groups named in the contract or in documents before a point: nothing was earned for one nobody had spoken of."""
    found = view.facts.groups(clause.earn, clause.per, stage.window.start, point)
    return (*clause.groups, *linked_groups(view.facts, clause.per, found)) if clause.per else ((),)


def _never_below(best: Target, last: Target) -> Target:
    if best.amount < 0:
        best = replace(best, amount=NOTHING * best.amount, exact=NOTHING, reason=ZERO)
    if best is last:
        return last
    return replace(best, closed=last.closed, steps=(*best.steps, Applied("highest", best.amount, {"now": str(last.amount)})))


def _at(view: View, clause: Clause, stage: Stage, group: Group, point: date, past: Sequence[Past]) -> tuple[Target, Number]:
    window = stage.window
    asking = Asking(clause.per, group, window.start, window.end, point, closed=point == window.end)
    carried = past[-1].carry if past else NOTHING
    earned = earn(view, clause, asking, carried)
    blank = Target(clause.id, clause.per, group, window, point, stage.closed, expression=clause.earn)
    earned = earned if isinstance(earned, Outcome) else after_balances(view, clause, asking, earned)
    if isinstance(earned, Outcome):
        return replace(blank, failure=earned), NOTHING
    found = _bounded(view, clause, asking, past, earned)
    if isinstance(found, Outcome):
        return replace(blank, failure=found), NOTHING
    value, steps = found
    amount = round_to(value, clause.rounding.to, clause.rounding.mode)
    rounding = Applied("round", amount, {"to": str(clause.rounding.to), "mode": clause.rounding.mode})
    target = Target(
        clause.id, clause.per, group, window, point, stage.closed, amount, value, earned.expression,
        (*earned.steps, *steps, rounding), earned.reason or _reason(amount, steps),
    )  # fmt: skip
    return target, earned.carry


def _flags(view: View, clause: Clause) -> tuple[str, ...]:
    return (PENDING,) if _reads_pending(view.program, clause.earn) else ()


@once
def _reads_pending(program: Program, earned: Expression) -> bool:
    read = (program.clauses.get(node.clause) for node in walk(earned) if isinstance(node, ResultOf))
    return any(item is not None and item.needs_confirmation for item in read)


def _reason(amount: Decimal, steps: Sequence[Applied]) -> str:
    if amount:
        return ""
    return CAPPED if any(step.op == "most" for step in steps) else ZERO


def _bounded(
    view: View, clause: Clause, asking: Asking, past: Sequence[Past], earned: Earned
) -> tuple[Number, tuple[Applied, ...]] | Outcome:
    if earned.gated or not clause.bounds:
        return earned.value, ()

    def earning(upto: date) -> Number | Outcome:
        found = earn(view, clause, replace(asking, upto=upto), NOTHING)
        return found if isinstance(found, Outcome) else found.value

    found = bounded(Unit(view, clause, asking, past, earning), earned.value)
    return found if isinstance(found, Outcome) else (found.value, found.steps)
