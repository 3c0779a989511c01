"""Another window than the asking one."""

from __future__ import annotations

from datetime import date

from rules_engine.core.expressions import Shift
from rules_engine.core.program import Program
from rules_engine.engine.evaluator import Asking
from rules_engine.values.period import Period
from rules_engine.values.windows import shifted


def moved(program: Program, shift: Shift, asking: Asking) -> Asking:
    """The asking window moved as the shift says. `so_far` ends where the asking window so far ends; every other window is
    read whole."""
    end = max(min(asking.end, asking.upto), asking.start)
    seen = Period(asking.start, end) if end > asking.start else Period(asking.start, asking.end)
    whole = seen if shift.how == "so_far" else Period(asking.start, asking.end)
    header = program.header
    found = shifted(shift.how, shift.unit, shift.count, whole, header.year_start)
    upto = end if shift.how == "so_far" else found.end
    return Asking(asking.per, asking.group, found.start, found.end, upto, asking.closed)


def scope_day(asking: Asking) -> date:
    """The last day of the asking window so far."""
    end = min(asking.end, asking.upto)
    return Period(asking.start, end).last if end > asking.start else asking.start
