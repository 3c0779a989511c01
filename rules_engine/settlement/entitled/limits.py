"""Limits over several clauses: a reduction for each member, or the missing rest at the close."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import takewhile

from rules_engine.core.program import Bound, Clause, Limit
from rules_engine.engine.evaluator import Asking, Outcome
from rules_engine.record import dataclass
from rules_engine.settlement.earned.bounding import share_of
from rules_engine.settlement.entitled.entitlement import targets
from rules_engine.settlement.reasons import ZERO
from rules_engine.settlement.schedule import settled_upto, term, tiles
from rules_engine.settlement.targets import NOTHING, Applied, Group, Target, Unit, View
from rules_engine.values.exact import as_fraction, exact_text
from rules_engine.values.period import Period, period_text
from rules_engine.values.rounding import largest_remainder, round_to

MEMBER = "member"
BOUND = "bound"


@dataclass(frozen=True, slots=True)
class Members:
    """What the members of a limit come to in one window, in the direction of the first; reductions so far are off."""

    clauses: tuple[Clause, ...]
    amounts: tuple[Decimal, ...]
    failure: Outcome | None
    added: Decimal = NOTHING

    @property
    def total(self) -> Decimal:
        """All members together, with what floors before added to them."""
        return sum(self.amounts, self.added)


def limit_targets(view: View, limit: Limit, moment: date) -> tuple[Target, ...]:
    """Reductions by member and window, and floors at their close; computed once."""
    known = view.memo.get((limit.id, moment))
    if known is None:
        known = view.memo[limit.id, moment] = _targets(view, limit, moment)
    return known


def _targets(view: View, limit: Limit, moment: date) -> tuple[Target, ...]:
    found: list[Target] = []
    earlier = _earlier(view, limit, moment)
    for bound, windows in _placed(view, limit, moment):
        for window in windows:
            found.extend(_one(view, limit, bound, window, moment, (*earlier, *found)))
    return tuple(found)


def _earlier(view: View, limit: Limit, moment: date) -> tuple[Target, ...]:
    """What the limits written before this one took off its members, or added to them."""
    before = takewhile(lambda other: other.id != limit.id, view.program.limits.values())
    shared = [other for other in before if not set(other.members).isdisjoint(limit.members)]
    return tuple(target for other in shared for target in limit_targets(view, other, moment))


def _placed(view: View, limit: Limit, moment: date) -> Iterable[tuple[Bound, list[Period]]]:
    """Caps before floors, narrow before wide, with the windows begun."""
    header = view.program.header
    placed = []
    for bound in limit.bounds:
        windows = tiles(header, bound.window or header.settle, term(header))
        placed.append((bound, [window for window in windows if window.start < moment]))
    return sorted(placed, key=lambda item: (item[0].side != "most", item[1][0].days if item[1] else 0))


def _one(view: View, limit: Limit, bound: Bound, window: Period, moment: date, before: Sequence[Target]) -> Iterable[Target]:
    if bound.side == "least" and window.end > moment:
        return
    if Unit(limit.id, window.start) in view.kept:
        yield Target(limit.id, (), (), window, window.start, closed=True, kept=True)
        return
    upto = min(window.end, settled_upto(view.program.header, moment))
    asking = Asking((), (), window.start, window.end, upto, window.end <= moment)
    members = _members(view, limit, window, moment, before)
    outcome = members.failure or view.evaluator.evaluate(bound.amount, asking, view.results)
    if outcome.value is None or isinstance(outcome.value, bool | str | date):
        yield _target(limit, (), (), asking, failure=outcome)
        return
    bounds = as_fraction(outcome.value) * share_of(view, bound, window, view.program.header.settle)
    if bound.side == "least":
        yield _floor(limit, asking, members, bounds)
    else:
        yield from _reductions(limit, bound, asking, members, max(bounds, Fraction(0)))


def _members(view: View, limit: Limit, window: Period, moment: date, before: Sequence[Target]) -> Members:
    clauses = tuple(view.program.clauses[name] for name in limit.members)
    amounts, failure = [], None
    for clause in clauses:
        inside = [item for item in targets(view, clause, moment) if window.contains(item.window.start)]
        failure = failure or next((item.failure for item in inside if item.failure), None)
        amount = sum((item.amount for item in inside), NOTHING)
        if clause.needs_confirmation:
            amount = view.confirmed(clause.id, window)
        sign = 1 if clause.payer == clauses[0].payer else -1
        off = sum((item.amount for item in before if member_of(item) == clause.id and item.window.within(window)), NOTHING)
        amounts.append(sign * (amount - off))
    within = [item for item in before if item.window.within(window)]
    failure = failure or next((item.failure for item in within if item.failure), None)
    return Members(clauses, tuple(amounts), failure, sum((item.amount for item in within if not member_of(item)), NOTHING))


def member_of(target: Target) -> str:
    """The clause whose amount a reduction takes off; '' for a floor."""
    return dict(zip(target.per, target.group, strict=True)).get(MEMBER, "")


def _floor(limit: Limit, asking: Asking, members: Members, floor: Fraction) -> Target:
    exact = max(floor - as_fraction(members.total), Fraction(0))
    amount = round_to(exact, limit.rounding.to, limit.rounding.mode)
    detail = {"limit": exact_text(floor), "members": exact_text(members.total), "window": _text(asking)}
    return _target(limit, (), (), asking, amount, exact, Applied("least", amount, detail))


def _reductions(limit: Limit, bound: Bound, asking: Asking, members: Members, cap: Fraction) -> Iterable[Target]:
    """The excess over the cap, shared by what each member owes."""
    exact = max(as_fraction(members.total) - cap, Fraction(0))
    excess = round_to(exact, limit.rounding.to, limit.rounding.mode)
    weights = [max(amount, NOTHING) for amount in members.amounts]
    shares = largest_remainder(excess, weights, limit.rounding.to) if excess else [excess] * len(weights)
    for clause, share in zip(members.clauses, shares, strict=True):
        detail = {
            "limit": exact_text(cap),
            "members": exact_text(members.total),
            "excess": str(excess),
            "window": _text(asking),
        }
        per, group = _named(limit, bound, clause)
        yield _target(limit, per, group, asking, share, exact, Applied("most", share, detail))


def _named(limit: Limit, bound: Bound, clause: Clause) -> tuple[tuple[str, ...], Group]:
    caps = [item for item in limit.bounds if item.side == "most"]
    if len(caps) == 1:
        return (MEMBER,), (clause.id,)
    return (MEMBER, BOUND), (clause.id, bound.window.kind if bound.window else "settlement")


def _text(asking: Asking) -> str:
    return period_text(Period(asking.start, asking.end))


def _target(
    limit: Limit, per: tuple[str, ...], group: Group, asking: Asking, amount: Decimal = NOTHING,
    exact: Fraction = Fraction(0), step: Applied | None = None, failure: Outcome | None = None,
) -> Target:  # fmt: skip
    window, steps, reason = Period(asking.start, asking.end), (step,) if step else (), "" if amount or failure else ZERO
    return Target(limit.id, per, group, window, asking.upto, asking.closed, amount, exact, None, steps, reason, failure)
