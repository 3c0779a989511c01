"""Documents of the period that no clause used, each with the first condition that failed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from rules_engine.core.expressions import Expression
from rules_engine.core.program import Clause
from rules_engine.documents.model import Document
from rules_engine.engine.evaluator import Asking
from rules_engine.engine.reading.unused import looked_up
from rules_engine.settlement.links import is_rooted
from rules_engine.settlement.model import UnusedDocument
from rules_engine.settlement.past.history import History
from rules_engine.settlement.past.known import unused
from rules_engine.settlement.reasons import BEFORE_TERM, UNLINKED, UNUSED
from rules_engine.settlement.schedule import span
from rules_engine.settlement.targets import View
from rules_engine.values.period import Period

ONE_DAY = timedelta(days=1)


def leftover(
    view: View, documents: Iterable[Document], period: Period, past: History
) -> tuple[int, tuple[UnusedDocument, ...]]:
    """(used, unused) of the documents new to this period: dated in it, or known since the last statement."""
    lines = list(documents)
    new = [line for line in lines if _is_new(line, period, past)]
    days = {view.facts.clock(line) for line in new}
    used = {id(line) for line in _read(view, days, period)}
    found_out = looked_up(view.program)
    left = (unused(line, _reason(view, line)) for line in new if id(line) not in used and line.type not in found_out)
    return len(new) - len(found := tuple(left)), tuple(
        sorted(found, key=lambda item: (item.date, item.type, item.id, item.line))
    )


def asked_again(view: View, period: Period) -> tuple[int, tuple[UnusedDocument, ...]]:
    """Read what `leftover` reads where documents are only counted: the same series are carried to later statements."""
    for balance in view.program.balances.values():
        for adding in balance.adds:
            view.facts.evidence(adding.amount, Asking((), (), period.start, period.end, view.moment))
    for clause in view.program.clauses.values():
        over = span(view.program, clause)
        for expression in _expressions(view, clause) if over is not None else ():
            cut = period.cut(over) if expression is clause.earn and over is not None else period
            if cut is not None:
                view.facts.evidence(expression, Asking((), (), cut.start, cut.end, view.moment))
    return 0, ()


def _is_new(line: Document, period: Period, past: History) -> bool:
    last = past.last
    if line.date >= period.start or last is None:
        return True
    return line.date >= last.period.end or (line.known_on is not None and line.known_on > last.known_by)


def _read(view: View, days: set[date], period: Period) -> Iterator[Document]:
    """Every document that a clause reads on those days."""
    earlier = sorted(day for day in days if day < period.start)
    stretches = (period, *_stretches(earlier))
    unlinked = {id(line) for line in view.facts.unlinked()} if _any_rooted(view) else set[int]()
    looked: dict[bool, set[tuple[object, ...]]] = {False: set(), True: set()}
    for balance in view.program.balances.values():
        for adding in balance.adds:
            for stretch in stretches:
                yield from view.facts.found(adding.amount, Asking((), (), stretch.start, stretch.end, view.moment), looked[False])
    for clause in view.program.clauses.values():
        over = span(view.program, clause)
        if over is None:
            continue
        rooted = is_rooted(clause.per)
        for expression in _expressions(view, clause):
            for stretch in stretches:
                cut = stretch.cut(over) if expression is clause.earn else stretch
                if cut is not None:
                    asking = Asking((), (), cut.start, cut.end, view.moment)
                    read = view.facts.found(expression, asking, looked[rooted])
                    yield from read if not rooted else (line for line in read if id(line) not in unlinked)


def _any_rooted(view: View) -> bool:
    return any(is_rooted(clause.per) for clause in view.program.clauses.values())


def _stretches(days: list[date]) -> list[Period]:
    """Single days joined where they touch."""
    found: list[Period] = []
    for day in days:
        if found and found[-1].end == day:
            found[-1] = Period(found[-1].start, day + ONE_DAY)
        else:
            found.append(Period(day, day + ONE_DAY))
    return found


def _expressions(view: View, clause: Clause) -> Iterator[Expression]:
    yield clause.earn
    if clause.when is not None:
        yield clause.when
    yield from (bound.amount for bound in clause.bounds)
    if clause.spread is not None and clause.spread.weight is not None:
        yield clause.spread.weight
    for limit in view.program.limits.values():
        if clause.id in limit.members:
            yield from (bound.amount for bound in limit.bounds)


def _reason(view: View, line: Document) -> str:
    if line.date < view.program.header.start:
        return BEFORE_TERM
    return view.facts.first_failed_condition(line) or (UNLINKED if _any_rooted(view) else UNUSED)
