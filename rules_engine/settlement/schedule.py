"""When a clause is looked at: its windows, their close, and the points of `on account` (kernel rules 4, 6, 7)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

from rules_engine.core.program import Clause, Header, OnAccount, Program
from rules_engine.engine.evaluator import Asking
from rules_engine.engine.reading.facts import Facts
from rules_engine.record import dataclass
from rules_engine.values.period import Period, WindowSpec
from rules_engine.values.windows import rolling, tile, whole

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stage:
    """A window as it stands at a moment. `points` are the days (first not seen) at which it was to be evaluated so far;
    none means that nothing is owed before the close."""

    window: Period
    closed: bool
    points: tuple[date, ...]


def term(header: Header) -> Period:
    """The contract's term."""
    return Period(header.start, header.end)


def span(program: Program, clause: Clause) -> Period | None:
    """The days on which the clause is in force; None if it never is."""
    return Period(clause.start, clause.end).cut(term(program.header)) if clause.start < clause.end else None


def tiles(header: Header, spec: WindowSpec, over: Period) -> tuple[Period, ...]:
    """The windows of `spec` over some days, cut at their edges."""
    return _tiles(spec, over, header.settle, header.year_start, tuple(header.ranges.items()))


@lru_cache(maxsize=1024)
def _tiles(
    spec: WindowSpec,
    over: Period,
    settle: WindowSpec,
    year_start: tuple[int, int],
    ranges: tuple[tuple[str, tuple[date, date]], ...],
) -> tuple[Period, ...]:
    return tile(spec, over, settle, year_start, dict(ranges))


def uncut(header: Header, spec: WindowSpec, window: Period) -> Period:
    """The calendar window that a window was cut from; for a term the one that was signed."""
    if spec.kind == "term":
        return Period(header.start, header.written_end or header.end)
    return whole(spec, window, term(header), header.settle, header.year_start, header.ranges)


def settled_upto(header: Header, moment: date) -> date:
    """The end of the last settlement that is over at a moment; the moment itself before the first and after the last."""
    ends = [item.end for item in tiles(header, header.settle, term(header)) if item.end <= moment]
    return ends[-1] if ends and moment < header.end else moment


def windows(program: Program, clause: Clause) -> tuple[Period, ...]:
    """All windows of the clause."""
    over = span(program, clause)
    return tiles(program.header, clause.period, over) if over else ()


def bound_windows(header: Header, spec: WindowSpec, over: Period, window: Period) -> tuple[Period, ...]:
    """The windows of a bound that matter for one clause window: the one around it, or those inside it."""
    if spec.kind == "rolling":
        found = rolling(spec, window.end).cut(over)
        return (found,) if found else ()
    return tuple(item for item in tiles(header, spec, over) if item.meets(window))


def starts_early(clause: Clause) -> bool:
    """Whether amounts are owed by date and not by the window's close."""
    return bool(clause.due) or (clause.spread is not None and clause.spread.by == "day")


def stages(program: Program, clause: Clause, moment: date, facts: Facts, *, accruing: bool = False) -> tuple[Stage, ...]:
    """The clause's windows that began before `moment`; `accruing` looks at open ones as they stand."""
    begun = (window for window in windows(program, clause) if window.start < moment)
    return tuple(_stage(program.header, clause, window, moment, facts, accruing=accruing) for window in begun)


def _stage(header: Header, clause: Clause, window: Period, moment: date, facts: Facts, *, accruing: bool) -> Stage:
    closed = window.end <= moment
    points = [
        day for day in _points(header, clause, window, moment, facts) if window.start < day < window.end and day <= moment
    ]
    if closed:
        points.append(window.end)
    elif accruing or (starts_early(clause) and not clause.on_account):
        points.append(moment)
    return Stage(window, closed, tuple(dict.fromkeys(points)))


def _points(header: Header, clause: Clause, window: Period, moment: date, facts: Facts) -> Iterable[date]:
    plan = clause.on_account
    if plan is None:
        return ()
    if plan.every == "document":
        return _document_days(clause, window, moment, facts)
    if plan.every == "dates":
        return sorted(day + ONE_DAY for day in plan.dates)
    return _ends(header, plan, window)


def _ends(header: Header, plan: OnAccount, window: Period) -> Iterable[date]:
    over = term(header)
    return (item.end for item in tiles(header, WindowSpec(plan.every), over) if item.end <= window.end)


def _document_days(clause: Clause, window: Period, moment: date, facts: Facts) -> Iterable[date]:
    asking = Asking((), (), window.start, window.end, moment, closed=False)
    return sorted({facts.clock(document) + ONE_DAY for document in facts.documents(clause.earn, asking)})
