"""What a party may still choose: a default waits until the deadline of its finding has passed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from rules_engine.core.expressions import Choice, ChoiceRow, Column, Expression
from rules_engine.core.program import Program
from rules_engine.core.remembered import once_a_program
from rules_engine.engine.reading.identity import program_expressions
from rules_engine.engine.window_days import replaced

SETTLEMENT_DATE = "settlement_date"


def at_moment(program: Program, moment: date) -> Program:
    """The program as it stands before `moment`, the first day not seen: a default waits until its deadline has passed, and the
    settlement date is the day before."""
    program = _dated(program, moment - timedelta(days=1))
    waiting = {
        name: replace(measure, expression=rest)
        for name, measure in program.measures.items()
        if (rest := _without_waiting(measure.expression, moment)) is not measure.expression
    }
    return replace(program, measures={**program.measures, **waiting}) if waiting else program


def _dated(program: Program, day: date) -> Program:
    if not _names_its_day(program):
        return program
    days = {SETTLEMENT_DATE: day}
    parts = ("clauses", "measures", "limits", "counters", "balances")
    return replace(program, **{part: replaced(getattr(program, part), days) for part in parts})


@once_a_program
def _names_its_day(program: Program) -> bool:
    columns = (item for item in program_expressions(program) if isinstance(item, Column))
    return any(item.name == SETTLEMENT_DATE and item.of == "window" for item in columns)


def _without_waiting(found: Expression, moment: date) -> Expression:
    if not isinstance(found, Choice):
        return found
    rows = tuple(_row(row, moment) for row in found.rows if not (row.if_none and row.start is not None and row.start > moment))
    same = len(rows) == len(found.rows) and all(one is two for one, two in zip(rows, found.rows, strict=True))
    return found if same else replace(found, rows=rows)


def _row(row: ChoiceRow, moment: date) -> ChoiceRow:
    """A year's row, which has a deadline of its own."""
    value = _without_waiting(row.value, moment) if row.start is not None else row.value
    return row if value is row.value else replace(row, value=value)
