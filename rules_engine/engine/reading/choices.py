"""Which row of a choice answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction

from rules_engine.core.expressions import Choice, ChoiceRow, Expression
from rules_engine.engine.evaluator import Outcome
from rules_engine.engine.outcomes import NO_ROW, TWO_EXCEPTIONS, faulty, merged
from rules_engine.values.exact import exact_text

Value = Callable[[Expression], Outcome]


def in_force(start: date | None, end: date | None, day: date) -> bool:
    """Whether the day lies from `start` until before `end`."""
    return (start is None or start <= day) and (end is None or day < end)


def chosen(choice: Choice, day: date, value: Value) -> Outcome:
    """The first row in force on the day whose condition holds, else `otherwise`; then what answers for its absence."""
    if choice.exclusive:
        return only(choice, value)
    index = picked(choice, day, value)
    if isinstance(index, Outcome):
        return index
    outcome = value(choice.rows[index].value)
    while outcome.value is None and not outcome.faults and _answers(choice, index + 1):
        index += 1
        outcome = value(choice.rows[index].value)
    return outcome


def only(choice: Choice, value: Value) -> Outcome:
    """The one row that holds, or the last; two that come to different amounts are a fault."""
    *rows, last = choice.rows
    tests = [_decided(row, value) for row in rows]
    undecided = [test for test in tests if test.value is None]
    if undecided:
        found = [value(row.value) for row in choice.rows]
        alike = all(outcome.value is not None and outcome.value == found[0].value for outcome in found)
        return found[0] if alike else merged(undecided)
    holding = [(name, value(row.value)) for name, row, test in zip(choice.exclusive, rows, tests, strict=False) if test.value]
    if not holding:
        return value(last.value)
    if all(outcome.value == holding[0][1].value for _, outcome in holding):
        return holding[0][1]
    return faulty(TWO_EXCEPTIONS, detail={name: _shown(outcome) for name, outcome in holding})


def _shown(outcome: Outcome) -> str:
    held = outcome.value
    return exact_text(held) if isinstance(held, Fraction | Decimal) else "?"


def picked(choice: Choice, day: date, value: Value) -> int | Outcome:
    """The index of the row that answers; an undecided condition is not passed over."""
    fallback = -1
    for index, row in enumerate(choice.rows):
        if row.if_none:
            continue
        if row.otherwise:
            fallback = index
            continue
        if not in_force(row.start, row.end, day):
            continue
        holds = _decided(row, value)
        if holds.value is None:
            return holds
        if holds.value:
            return index
    return fallback if fallback >= 0 else faulty(NO_ROW, detail={"date": str(day)})


def _decided(row: ChoiceRow, value: Value) -> Outcome:
    return Outcome(True) if row.when is None else value(row.when)


def _answers(choice: Choice, index: int) -> bool:
    return index < len(choice.rows) and choice.rows[index].if_none
