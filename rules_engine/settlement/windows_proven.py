"""Whole windows, proven: a window needs its earlier documents, or the sums that a statement carries (kernel rule 18)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from rules_engine.core.expressions import Aggregate, Expression, MeasureRef, OrderShare
from rules_engine.core.program import Clause, Program
from rules_engine.core.walk import walk
from rules_engine.diagnostics.build import Words, diagnostic
from rules_engine.diagnostics.model import ContractError, Diagnostic, Severity
from rules_engine.documents.model import Document
from rules_engine.engine.evaluator import Asking
from rules_engine.engine.reading.reach import runs_along, values_read
from rules_engine.record import dataclass
from rules_engine.settlement.earned.earning import priced
from rules_engine.settlement.past.control import Agreement, Difference
from rules_engine.settlement.schedule import bound_windows, span, starts_early, term, tiles, windows
from rules_engine.settlement.targets import Unit, View
from rules_engine.source import Span
from rules_engine.values.period import Period, period_text


@dataclass(frozen=True, slots=True)
class Reading:
    """An expression that a window evaluates, and the days it reads; None: any day (a shifted window). `each`: document by document."""

    expression: Expression
    per: tuple[str, ...]
    days: Period | None
    each: bool = False


@dataclass(frozen=True, slots=True)
class Owed:
    """A window of a clause or limit that has begun. `movable`: money may still move though the window is over."""

    id: str
    window: Period
    span: Span
    readings: tuple[Reading, ...]
    movable: bool = False


def proven(view: View, period: Period, found: Agreement, documents: Sequence[Document]) -> frozenset[Unit]:
    """The units that stay as posted because nothing of theirs was given. Raises `ContractError` where a window cannot be
    computed from what was given, naming the clause and what to give."""
    if not found.absent:
        return frozenset()
    kept: set[Unit] = set()
    unproven: list[Diagnostic] = []
    for owed in (*_clause_windows(view), *_limit_windows(view), *_balance_windows(view)):
        if not any(_meets(reading, bucket) for reading in owed.readings for bucket in found.absent):
            continue
        untouched = owed.window.end <= period.start and not any(owed.window.contains(line.date) for line in documents)
        if untouched and not owed.movable:
            kept.add(Unit(owed.id, owed.window.start))
        elif missing := _missing(view, owed, found.absent):
            unproven.append(_unproven(view.program, owed, missing))
    if unproven:
        raise ContractError(unproven)
    return frozenset(kept)


def _meets(reading: Reading, bucket: Period) -> bool:
    return reading.days is None or bucket.meets(reading.days)


def _missing(view: View, owed: Owed, absent: Iterable[Period]) -> list[Period]:
    """The periods without documents that the window reads and no statement carries."""
    pairs = ((reading, bucket) for bucket in absent for reading in owed.readings if _meets(reading, bucket))
    return list(dict.fromkeys(bucket for reading, bucket in pairs if not _covered(view, reading, owed.window, bucket)))


def _covered(view: View, reading: Reading, window: Period, bucket: Period) -> bool:
    if reading.each or not view.facts.is_additive(reading.expression):
        return False
    asking = Asking(reading.per, ("",) * len(reading.per), window.start, window.end, view.moment)
    view.evaluator.evaluate(reading.expression, asking, view.results)
    return view.facts.covers(reading.expression, reading.per, bucket)


def _clause_windows(view: View) -> Iterator[Owed]:
    for clause in view.program.clauses.values():
        movable = starts_early(clause) or clause.collect == "within_net" or bool(clause.draws) or _owes_groups(clause)
        for window in windows(view.program, clause):
            if window.start < view.moment:
                yield Owed(clause.id, window, clause.span, tuple(_readings(view.program, clause, window)), movable)


def _owes_groups(clause: Clause) -> bool:
    """Whether a floor over several windows is owed to groups that earlier ones had, though nothing was posted for them."""
    return bool(clause.per) and any(bound.side == "least" and bound.window is not None for bound in clause.bounds)


def _balance_windows(view: View) -> Iterator[Owed]:
    """A balance is worked out from the term's first day; what comes in document by document needs the documents."""
    over = Period(view.program.header.start, view.moment)
    for balance in view.program.balances.values():
        for adding in balance.adds:
            whole = tuple(_reading(view.program, adding.amount, balance.per, over))
            found = tuple(replace(item, days=item.days and over, each=adding.how == "document") for item in whole)
            yield Owed(balance.id, over, balance.span, found, movable=True)


def _limit_windows(view: View) -> Iterator[Owed]:
    header = view.program.header
    for limit in view.program.limits.values():
        for bound in limit.bounds:
            for window in tiles(header, bound.window or header.settle, term(header)):
                if window.start < view.moment:
                    yield Owed(limit.id, window, limit.span, tuple(_reading(view.program, bound.amount, (), window)))


def _readings(program: Program, clause: Clause, window: Period) -> Iterator[Reading]:
    for expression in (priced(clause, provisional=False), priced(clause, provisional=True), clause.when):
        if expression is not None:
            yield from _reading(program, expression, clause.per, window)
    if clause.reverses is not None:
        yield Reading(clause.earn, clause.per, None, each=True)
    over = span(program, clause)
    for bound in clause.bounds:
        around = bound_windows(program.header, bound.window, over, window) if bound.window and over else (window,)
        for days in around:
            yield from _reading(program, bound.amount, clause.per, days)


def _reading(program: Program, expression: Expression, per: tuple[str, ...], days: Period) -> Iterator[Reading]:
    """The reading, unless the expression looks at no document."""
    if _looks(program, expression, Aggregate) or values_read(program, expression):
        yield Reading(expression, per, None if shifts(program, expression) else days)


def _looks(program: Program, expression: Expression, at: type[Aggregate]) -> bool:
    for node in walk(expression):
        if isinstance(node, at):
            return True
        if (
            isinstance(node, MeasureRef)
            and node.name in program.measures
            and _looks(program, program.measures[node.name].expression, at)
        ):
            return True
    return False


def shifts(program: Program, expression: Expression) -> bool:
    """Whether anything in it looks at another window than the asking one."""
    if values_read(program, expression):
        return True
    for node in walk(expression):
        if runs_along(node) or isinstance(node, OrderShare) or _looks_up(node):
            return True
        if isinstance(node, MeasureRef) and (node.shift is not None or _measure_shifts(program, node.name)):
            return True
    return False


def _looks_up(node: Expression) -> bool:
    """Whether the documents of an aggregate look at others, of any day."""
    inner = [part for part in (node.item, node.where) if part is not None] if isinstance(node, Aggregate) else []
    return any(isinstance(item, Aggregate) for part in inner for item in walk(part))


def _measure_shifts(program: Program, name: str) -> bool:
    measure = program.measures.get(name)
    return measure is not None and shifts(program, measure.expression)


def _unproven(program: Program, owed: Owed, missing: Sequence[Period]) -> Diagnostic:
    days, names = period_text(owed.window), ", ".join(period_text(bucket) for bucket in missing)
    why: Words = (
        f"`{owed.id}` settles its whole window {days}: no documents of {names} were given, and the posted sums are not enough.",
        f"条款“{owed.id}”按整个周期 {days} 结算，但没有提供 {names} 的单据，已入账结算单所结转的数据也不足以代替。",
    )
    fix: Words = (f"give the documents of {names} as well.", f"请同时提供 {names} 的单据。")
    return diagnostic("SE0713", program.header.language, owed.span, why, fix)


def disagreements(program: Program, found: Agreement) -> tuple[Diagnostic, ...]:
    """Warnings for settled periods whose documents changed. Raises `ContractError` where some are missing: settling what
    is left would take money back for documents that were merely not given."""
    language = program.header.language
    if found.fewer:
        raise ContractError([_fewer(item, language) for item in found.fewer])
    return tuple(_changed(item, language) for item in found.changed)


def _fewer(item: Difference, language: str) -> Diagnostic:
    why: Words = (
        f"{item.period} was settled with {_several(item.settled)} of type {item.type}, {item.given} were given{_told(item, 'en')}.",
        f"{item.period} 结算时有 {item.settled} 张 {item.type} 单据，现只提供 {item.given} 张{_told(item, 'zh')}。",
    )
    fix: Words = (
        f"give all documents of {item.period}, or none of them; cancel a document with one that reverses it.",
        f"请提供 {item.period} 的全部单据，或一张也不提供；要取消单据，请用冲销单据。",
    )
    return diagnostic("SE0714", language, (), why, fix)


def _changed(item: Difference, language: str) -> Diagnostic:
    why: Words = (
        f"{item.period} was settled with {_several(item.settled)} of type {item.type}, {item.given} are given now{_told(item, 'en')}.",
        f"{item.period} 结算时有 {item.settled} 张 {item.type} 单据，现提供 {item.given} 张{_told(item, 'zh')}；差额计入本期。",
    )
    fix: Words = ("give documents that arrive late their `known_on`.", "迟到的单据请填写 `known_on`。")
    return diagnostic("SE0712", language, (), why, fix, Severity.WARNING)


def _several(count: int) -> str:
    return f"{count} document" if count == 1 else f"{count} documents"


def _told(item: Difference, language: str) -> str:
    texts = [
        f"{column} {settled} → {given}" if language == "zh" else f"{column} {given} instead of {settled}"
        for column, settled, given in item.sums
    ]
    return f" ({', '.join(texts)})" if texts else ""
