"""`result of CLAUSE`: a clause's rounded targets read by another (kernel rule 15), and the view that answers it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import partial

from rules_engine.core.program import Clause, Program
from rules_engine.engine.evaluator import Asking, Evaluator, Outcome
from rules_engine.engine.reading.facts import Facts
from rules_engine.settlement.entitled.entitlement import targets
from rules_engine.settlement.entitled.limits import limit_targets, member_of
from rules_engine.settlement.pots.book import Taker
from rules_engine.settlement.pots.drawing import standing_in, taken, uncovered
from rules_engine.settlement.targets import NOTHING, Group, Target, Unit, View
from rules_engine.values.period import Period


def open_view(
    program: Program,
    facts: Facts,
    evaluator: Evaluator,
    moment: date,
    posted: Mapping[Unit, Mapping[Group, Decimal]] | None = None,
    kept: frozenset[Unit] = frozenset(),
) -> View:
    """A view whose evaluator can read results; `moment` is the first day after the run's period."""

    def results(name: str, after_limits: bool, asking: Asking) -> Outcome:
        return result_of(view, name, asking, after_limits=after_limits)

    view = View(program, facts, evaluator, moment, results, posted or {}, kept)
    facts.indexes.uncovered = partial(uncovered, view)
    return view


def result_of(view: View, name: str, asking: Asking, *, after_limits: bool = False) -> Outcome:
    """The sum of a clause's targets in the asking window so far: of the same group where both have it, else of all."""
    if name in view.program.balances:
        return standing_in(view, name, asking, closing=after_limits) if _is_declared(view, name) else _drawn(view, name, asking)
    clause = view.program.clauses.get(name)
    if clause is None:
        return _sum(_inside(limit_targets(view, view.program.limits[name], view.moment), asking), name)
    if clause.needs_confirmation:
        shared = {
            clause.per.index(name): value for name, value in zip(asking.per, asking.group, strict=True) if name in clause.per
        }
        return Outcome(view.confirmed(name, Period(asking.start, min(asking.end, asking.upto)), shared))
    found = _sum(_read(view, clause, asking), name)
    if not after_limits or not isinstance(found.value, Decimal):
        return found
    return Outcome(found.value - sum((item.amount for item in _reductions(view, clause, asking)), NOTHING))


def _is_declared(view: View, name: str) -> bool:
    return view.program.balances[name].kind == "balance"


def _drawn(view: View, name: str, asking: Asking) -> Outcome:
    """What the asking unit takes from a balance of its clause's own."""
    taker = Taker(name.partition(".")[0], asking.group, asking.start)
    found = taken(view, name, taker, asking.upto, closed=asking.closed)
    return found if isinstance(found, Outcome) else Outcome(found.amount)


def _read(view: View, clause: Clause, asking: Asking) -> Iterable[Target]:
    """Windows that are over count as they stand now; those still open at the asking moment as they stood then."""
    inside = Period(asking.start, min(asking.end, asking.upto))
    own = view.so_far.get((clause.id, view.moment))
    if own is not None:
        yield from (target for target in _shared_group(own, asking) if target.window.within(inside))
        return
    now = list(_inside(_of_group(view, clause, view.moment, asking), asking))
    yield from (target for target in now if target.window.within(inside))
    then = _inside(_of_group(view, clause, asking.upto, asking), asking) if asking.upto < view.moment else now
    yield from (target for target in then if not target.window.within(inside))


def _of_group(view: View, clause: Clause, moment: date, asking: Asking) -> Iterable[Target]:
    """The clause's targets in the asking group, by the columns that both have."""
    common = [
        (clause.per.index(column), value)
        for column, value in zip(asking.per, asking.group, strict=True)
        if column in clause.per
    ]
    if not common:
        return targets(view, clause, moment)
    places = tuple(index for index, _ in common)
    found = view.shared.get((clause.id, moment, places))
    if found is None:
        found = view.shared[clause.id, moment, places] = {}
        for target in targets(view, clause, moment):
            if target.per:
                found.setdefault(tuple(target.group[index] for index in places), []).append(target)
    return found.get(tuple(value for _, value in common), ())


def _shared_group(found: Iterable[Target], asking: Asking) -> Iterable[Target]:
    """What a clause that is being computed came to before, in the asking group: its windows are worked out in order."""
    named = dict(zip(asking.per, asking.group, strict=True))
    for target in found:
        own = zip(target.per, target.group, strict=True)
        if all(named.get(column, value) == value for column, value in own):
            yield target


def _inside(found: Iterable[Target], asking: Asking) -> Iterable[Target]:
    over = Period(asking.start, asking.end)
    return (target for target in found if target.window.within(over) and target.window.start < asking.upto)


def _sum(found: Iterable[Target], name: str) -> Outcome:
    total, failed = NOTHING, False
    for target in found:
        total, failed = total + target.amount, failed or target.failure is not None
    return Outcome(None, missing=(name,)) if failed else Outcome(total)


def _reductions(view: View, clause: Clause, asking: Asking) -> Iterable[Target]:
    for limit in view.program.limits.values():
        if clause.id in limit.members:
            yield from (
                item for item in _inside(limit_targets(view, limit, view.moment), asking) if member_of(item) == clause.id
            )
