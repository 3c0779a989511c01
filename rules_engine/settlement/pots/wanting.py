"""What a clause asks of a balance at each of its windows, before it gets anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

from rules_engine.core.program import Clause, Draw
from rules_engine.engine.evaluator import Asking, Outcome
from rules_engine.engine.reading.identity import signature
from rules_engine.record import dataclass
from rules_engine.settlement.earned.earning import earn
from rules_engine.settlement.links import linked_groups
from rules_engine.settlement.schedule import Stage, stages
from rules_engine.settlement.targets import NOTHING, Group, Unit, View
from rules_engine.values.exact import Number, as_fraction

ZERO = Fraction(0)
Place = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A unit at its last point and what it asks for; an outcome where that has no value."""

    clause: Clause
    draw: Draw
    asking: Asking
    value: Fraction | Outcome


def wanted(view: View, clause: Clause, draw: Draw, moment: date) -> Iterator[Wanted]:
    """Every unit of the clause that was looked at before a moment, window by window."""
    carried: dict[Group, Number] = {}
    for stage in stages(view.program, clause, moment, view.facts, accruing=view.accruing):
        if not stage.points:
            continue
        point = stage.points[-1]
        for group in _groups(view, clause, draw, stage):
            window = stage.window
            asking = Asking(clause.per, group, window.start, window.end, point, closed=point == window.end)
            value, carried[group] = _value(view, clause, draw, asking, carried.get(group, NOTHING))
            yield Wanted(clause, draw, asking, value)


def _groups(view: View, clause: Clause, draw: Draw, stage: Stage) -> Iterable[Group]:
    if not clause.per:
        return ((),)
    found = view.facts.groups(draw.wanted or clause.earn, clause.per, stage.window.start, stage.points[-1])
    posted = view.posted.get(Unit(clause.id, stage.window.start), {})
    return tuple(dict.fromkeys((*clause.groups, *linked_groups(view.facts, clause.per, found), *posted)))


def _value(view: View, clause: Clause, draw: Draw, asking: Asking, carried: Number) -> tuple[Fraction | Outcome, Number]:
    if draw.how == "amount":
        found = earn(view, clause, asking, carried)
        return (found, NOTHING) if isinstance(found, Outcome) else (as_fraction(found.value), found.carry)
    assert draw.wanted is not None
    if draw.how == "documents":
        return ZERO, NOTHING
    outcome = view.evaluator.evaluate(draw.wanted, asking, view.results)
    return (as_fraction(outcome.value) if isinstance(outcome.value, Decimal | Fraction) else outcome), NOTHING


def documents_of(view: View, want: Wanted) -> Iterator[tuple[Place, date, Fraction]]:
    """The documents of a unit's base: place and sum, day, and what each adds to the base."""
    assert want.draw.wanted is not None
    for factor, aggregate in view.facts.terms(want.draw.wanted):
        name = signature(aggregate)
        for record, value in view.facts.contributions(aggregate, want.asking):
            if isinstance(value, Decimal | Fraction):
                yield (record.place, name), record.date, factor * as_fraction(value)
