"""Another window than the asking one."""

from __future__ import annotations

from datetime import date, timedelta

from rules_engine.core.expressions import Shift
from rules_engine.core.program import Program
from rules_engine.engine.evaluator import Asking
from rules_engine.values.period import Period, WindowSpec
from rules_engine.values.windows import shifted, tile

ONE_DAY = timedelta(days=1)


def moved(program: Program, shift: Shift, asking: Asking) -> Asking:
    """The asking window moved as the shift says. `so_far` ends where the asking window so far ends; every other window is
    read whole."""
    if shift.how == "answer":
        return _answering(program, shift, asking)
    if shift.how == "running":
        return _running(program, shift, asking)
    end = max(min(asking.end, asking.upto), asking.start)
    seen = Period(asking.start, end) if end > asking.start else Period(asking.start, asking.end)
    whole = seen if shift.how == "so_far" else Period(asking.start, asking.end)
    header = program.header
    found = shifted(shift.how, shift.unit, shift.count, whole, header.year_start)
    upto = end if shift.how == "so_far" else found.end
    return Asking(asking.per, asking.group, found.start, found.end, upto, asking.closed)


def _running(program: Program, shift: Shift, asking: Asking) -> Asking:
    """From the day a counter began again to the end of the asking window so far."""
    day = scope_day(asking)
    found = next((window for window in program.counters[shift.unit].windows if window.contains(day)), Period(day, day + ONE_DAY))
    per = tuple(name for name in asking.per if name in (shift.per or ()))
    group = tuple(asking.group[asking.per.index(name)] for name in per)
    end = min(found.end, day + ONE_DAY)
    return Asking(per, group, found.start, end, end, asking.closed)


def scope_day(asking: Asking) -> date:
    """The last day of the asking window so far."""
    end = min(asking.end, asking.upto)
    return Period(asking.start, end).last if end > asking.start else asking.start


def _answering(program: Program, shift: Shift, asking: Asking) -> Asking:
    """Where the answer of a finding is looked for. Whatever window it is for, every answer known counts, also one that was
    given after the window."""
    header = program.header
    per = tuple(name for name in asking.per if name in (shift.per or ()))
    group = tuple(asking.group[asking.per.index(name)] for name in per)
    if shift.unit == "state":
        end = max(min(asking.end, asking.upto), asking.start)
        return Asking(per, group, date.min, end, end, asking.closed)
    if shift.unit == "term":
        return Asking(per, group, date.min, date.max, date.max, asking.closed)
    spec, term = WindowSpec(shift.unit), Period(header.start, header.end)
    windows = tile(spec, term, header.settle, header.year_start, header.ranges)
    found = next((window for window in windows if window.contains(asking.start)), Period(asking.start, asking.end))
    return Asking(per, group, found.start, found.end, found.end, asking.closed)
