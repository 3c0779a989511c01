"""Bound: caps from narrow to wide, then floors, used up in window order (kernel rules 4 and 5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction

from rules_engine.core.program import Bound, Clause
from rules_engine.engine.evaluator import Asking, Outcome
from rules_engine.record import dataclass
from rules_engine.settlement.schedule import bound_windows, settled_upto, span, uncut
from rules_engine.settlement.targets import Applied, View
from rules_engine.values.exact import Number, as_fraction, exact_text
from rules_engine.values.period import Period, WindowSpec, period_text
from rules_engine.values.windows import proportion

ZERO = Fraction(0)
SIDES = ("most", "least")
Earning = Callable[[date], Number | Outcome]
"""The clause's amount with the documents before a day."""


@dataclass(frozen=True, slots=True)
class Past:
    """What a group got in an earlier window, and the negative rest that went on from it."""

    window: Period
    amount: Number
    carry: Number


@dataclass(frozen=True, slots=True)
class Bounded:
    """The exact amount after bounds."""

    value: Number
    steps: tuple[Applied, ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """What is being bounded: a clause's group in a window, at a point."""

    view: View
    clause: Clause
    asking: Asking
    past: Sequence[Past]
    earning: Earning

    @property
    def window(self) -> Period:
        """The clause window."""
        return Period(self.asking.start, self.asking.end)


def bounded(unit: Unit, value: Number) -> Bounded | Outcome:
    """The amount within the clause's bounds, or the outcome of a bound that has no value."""
    amount, steps = as_fraction(value), list[Applied]()
    for side in SIDES:
        placed = [(bound, windows) for bound in unit.clause.bounds if bound.side == side and (windows := _placed(unit, bound))]
        for bound, windows in sorted(placed, key=lambda item: item[1][0].days):
            found = _within(unit, bound, windows, amount)
            if isinstance(found, Outcome):
                return found
            if found.value != amount:
                steps.extend(found.steps)
            amount = as_fraction(found.value)
    return Bounded(amount, tuple(steps))


def _placed(unit: Unit, bound: Bound) -> tuple[Period, ...]:
    if bound.window is None:
        return (unit.window,)
    over = span(unit.view.program, unit.clause)
    return bound_windows(unit.view.program.header, bound.window, over, unit.window) if over else ()


def _within(unit: Unit, bound: Bound, windows: tuple[Period, ...], amount: Fraction) -> Bounded | Outcome:
    inside = [window for window in windows if window.within(unit.window)]
    if len(inside) == len(windows) and (len(windows) > 1 or windows[0] != unit.window):
        return _narrow(unit, bound, inside, amount)
    return _around(unit, bound, windows[0], amount)


def _around(unit: Unit, bound: Bound, window: Period, amount: Fraction) -> Bounded | Outcome:
    """A bound over the clause window or a wider one: what earlier clause windows in it used up counts."""
    if bound.side == "least" and not _closes(unit, bound, window):
        return Bounded(amount)
    limit = _limit(unit, bound, window)
    if isinstance(limit, Outcome):
        return limit
    used = sum((as_fraction(past.amount) for past in unit.past if past.window.within(window)), ZERO)
    rest = limit - used
    kept = min(amount, max(rest, ZERO)) if bound.side == "most" else max(amount, rest)
    return Bounded(kept, (_applied(bound, window, limit, used, kept),))


def floor_windows(view: View, clause: Clause, window: Period) -> list[Period]:
    """The wider windows of floors that close with this clause window."""
    over = span(view.program, clause)
    wide = [bound.window for bound in clause.bounds if bound.side == "least" and bound.window is not None]
    found = (item for spec in wide for item in bound_windows(view.program.header, spec, over, window)) if over else ()
    return [item for item in found if window.within(item) and window.end == item.end]


def _closes(unit: Unit, bound: Bound, window: Period) -> bool:
    """Whether a floor counts yet: its window is over, and this is the clause's last window in it."""
    if not unit.asking.closed or window.end > unit.view.moment:
        return False
    over = span(unit.view.program, unit.clause)
    end = min(window.end, over.end) if over else window.end
    return bound.window is None or unit.asking.end >= end


def _narrow(unit: Unit, bound: Bound, inside: Sequence[Period], amount: Fraction) -> Bounded | Outcome:
    """A bound over windows inside the clause's: each one binds what its own days add."""
    total, before = ZERO, ZERO
    for window in inside:
        if window.start >= unit.asking.upto:
            break
        so_far = unit.earning(min(window.end, unit.asking.upto))
        limit = _limit(unit, bound, window)
        if isinstance(so_far, Outcome):
            return so_far
        if isinstance(limit, Outcome):
            return limit
        added, before = as_fraction(so_far) - before, as_fraction(so_far)
        total += min(added, limit) if bound.side == "most" else max(added, limit if window.end <= unit.asking.upto else added)
    total += amount - before
    return Bounded(total, (_applied(bound, Period(inside[0].start, inside[-1].end), total, ZERO, total),))


def _limit(unit: Unit, bound: Bound, window: Period) -> Fraction | Outcome:
    """The bound's amount for its window so far; a cap below zero leaves nothing."""
    latest = unit.asking.upto
    if not window.within(unit.window):
        latest = max(latest, settled_upto(unit.view.program.header, unit.view.moment))
    upto = min(window.end, latest)
    asking = Asking(unit.clause.per, unit.asking.group, window.start, window.end, upto, window.end <= upto)
    outcome = unit.view.evaluator.evaluate(bound.amount, asking, unit.view.results)
    if isinstance(outcome.value, bool | str | date) or outcome.value is None:
        return outcome
    limit = as_fraction(outcome.value) * share_of(unit.view, bound, window, unit.clause.period)
    return max(limit, ZERO) if bound.side == "most" else limit


def share_of(view: View, bound: Bound, window: Period, default: WindowSpec) -> Fraction:
    """What share of its calendar window the bound's window is, where the contract cuts it and says how."""
    spec = bound.window or default
    if not bound.proportion or spec.kind == "rolling":
        return Fraction(1)
    return proportion(window, uncut(view.program.header, spec, window), bound.proportion)


def _applied(bound: Bound, window: Period, limit: Fraction, used: Fraction, kept: Fraction) -> Applied:
    detail = {"limit": exact_text(limit), "window": period_text(window)}
    if used:
        detail["used"] = exact_text(used)
    return Applied(bound.side, kept, detail)
