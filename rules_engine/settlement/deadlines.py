"""What a party may still choose: a default waits until the deadline of its finding has passed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from rules_engine.core.expressions import Choice, Expression
from rules_engine.core.program import Program


def at_moment(program: Program, moment: date) -> Program:
    """The program as it stands before `moment`, the first day not seen: a default waits until its deadline has passed."""
    waiting = {
        name: replace(measure, expression=rest)
        for name, measure in program.measures.items()
        if (rest := _without_waiting(measure.expression, moment)) is not measure.expression
    }
    return replace(program, measures={**program.measures, **waiting}) if waiting else program


def _without_waiting(found: Expression, moment: date) -> Expression:
    if not isinstance(found, Choice):
        return found
    rows = tuple(row for row in found.rows if not (row.if_none and row.start is not None and row.start > moment))
    return found if len(rows) == len(found.rows) else replace(found, rows=rows)
