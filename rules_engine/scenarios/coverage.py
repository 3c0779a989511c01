"""Which clauses, rows and bands of a contract no scenario and no case has reached."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rules_engine.core.expressions import Ladder, Parts, Price, Priced, Table
from rules_engine.core.program import Program
from rules_engine.core.trace import TraceStep
from rules_engine.core.walk import prices, walk
from rules_engine.record import dataclass
from rules_engine.settlement.model import Settlement
from rules_engine.source import NOWHERE, Span


@dataclass(frozen=True, slots=True)
class Unreached:
    """`what` is clause, limit, row or band; `clause` its id; `span` where it is written."""

    what: str
    clause: str
    span: Span


def unreached(program: Program, settlements: Iterable[Settlement]) -> tuple[Unreached, ...]:
    """Everything that no line of the settlements came from, in file order."""
    lines = [line for settlement in settlements for line in (*settlement.lines, *(line for payee in settlement.payees for line in payee.lines), *settlement.goods, *settlement.pending)]
    ids = {line.clause for line in lines}
    spans = {span for line in lines for span in _spans(line.trace)}
    missed = [
        item for item in _parts(program) if not (item.clause in ids if item.what in {"clause", "limit"} else item.span in spans)
    ]
    silent = {item.clause for item in missed if item.what == "clause"}
    told = [item for item in missed if item.what in {"clause", "limit"} or item.clause not in silent]
    return tuple(sorted(told, key=lambda item: (item.span.line, item.span.column)))


def _parts(program: Program) -> Iterator[Unreached]:
    for clause in program.clauses.values():
        yield Unreached("clause", clause.id, clause.span)
        for expression in walk(clause.earn):
            if isinstance(expression, Priced):
                yield from _rows_and_bands(expression.price, clause.id)
    for limit in program.limits.values():
        yield Unreached("limit", limit.id, limit.span)


def _rows_and_bands(price: Price, clause: str) -> Iterator[Unreached]:
    for inner in prices(price):
        match inner:
            case Ladder():
                yield from (Unreached("band", clause, band.span) for band in inner.bands if _pays(band.price, band.span))
            case Table():
                yield from (Unreached("row", clause, row.span) for row in inner.rows if _pays(row.price, row.span))
            case Parts():
                continue


def _pays(price: Price, span: Span) -> bool:
    """A row or band that says `none` leaves no line behind, so it cannot be asked for."""
    return span != NOWHERE and not (isinstance(price, Parts) and not price.parts)


def _spans(step: TraceStep) -> Iterator[Span]:
    yield step.span
    for part in step.parts:
        yield from _spans(part)
