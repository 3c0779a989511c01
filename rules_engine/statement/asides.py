"""What stands below the money of a terminal statement: what was not settled, figures, balances, documents, receipt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from rules_engine.settlement.model import Exceptional, Settlement, ShownMeasure, UnusedDocument
from rules_engine.statement.balances import columns, rows
from rules_engine.statement.clean import one_line
from rules_engine.statement.layout import of_later, of_period
from rules_engine.statement.naming import (
    clause_title,
    document_name,
    file_name,
    group_text,
    measure_value,
)
from rules_engine.statement.periods import period_text
from rules_engine.statement.reasons import exception_text, reason_text
from rules_engine.statement.terminal import Pen, Row, ascii_minus, table
from rules_engine.values.period import Period


def unsettled(pen: Pen) -> Iterator[str]:
    """Lines without an amount, and what they miss."""
    if pen.settlement.unsettled:
        yield pen.bold(pen.words("unsettled"))
    for item in pen.settlement.unsettled:
        yield _told(pen, item.clause, item.group, item.window, item.reason)
        for missing in item.missing:
            yield f"    {pen.words('missing')}{pen.words.colon}{one_line(missing)}"


def findings(pen: Pen) -> Iterator[str]:
    """What kept lines from being settled, with its fix."""
    if pen.settlement.diagnostics:
        yield pen.bold(pen.words("findings"))
    for finding in pen.settlement.diagnostics:
        yield f"  {finding.code} {one_line(finding.title)}{pen.words.colon}{one_line(finding.why)} {one_line(finding.fix)}"


def measures(pen: Pen) -> Iterator[str]:
    """The figures the contract shows."""
    shown = pen.settlement.measures_shown
    if shown:
        yield pen.bold(pen.words("measures"))
        yield from table([_measure(pen, item) for item in shown], "<<>")


def _measure(pen: Pen, item: ShownMeasure) -> Row:
    value = ascii_minus(measure_value(item, pen.words))
    return (one_line(item.title or item.name), period_text(item.window, pen.words), value)


def exceptions(pen: Pen) -> Iterator[str]:
    """Documents for people to look at, and why."""
    found = pen.settlement.exceptions
    if found:
        yield pen.bold(pen.words("exceptions"))
        yield from table([_exception(pen, item) for item in found], "<<<<")


def _exception(pen: Pen, item: Exceptional) -> Row:
    name = document_name(UnusedDocument(item.type, item.id, item.line, item.date, "", item.place), pen.program, pen.words)
    return (name, item.date.isoformat(), exception_text(item, pen.words), one_line(file_name(item.place)))


def balances(pen: Pen) -> Iterator[str]:
    """What is carried, held, kept and not yet applied."""
    found = pen.settlement.balances
    if found:
        keys = columns(found)
        yield pen.bold(pen.words("balances"))
        heads: Row = tuple(pen.words(key) for key in ("balance", *keys))
        written = (("  " if row.layer else "") + row.name for row in rows(found, pen.program, pen.words))
        cells = (tuple(map(ascii_minus, row.cells)) for row in rows(found, pen.program, pen.words))
        table_rows: list[Row] = [(name, *amounts) for name, amounts in zip(written, cells, strict=True)]
        yield from table([heads, *table_rows], "<" + ">" * len(keys))


def nothing_due(pen: Pen) -> Iterator[str]:
    """Clauses that post nothing, and why."""
    if pen.settlement.nothing_due:
        yield pen.bold(pen.words("nothing_due"))
    for item in pen.settlement.nothing_due:
        yield _told(pen, item.clause, item.group, item.window, item.reason)


def _told(pen: Pen, clause: str, group: Mapping[str, str], window: Period, reason: str) -> str:
    name = f"{clause_title(clause, pen.program)}{group_text(group)}"
    return f"  {name}  {period_text(window, pen.words)}{pen.words.colon}{reason_text(reason, pen.words)}"


def _documents(pen: Pen, heading: str, of: Callable[[Settlement], Sequence[UnusedDocument]]) -> Iterator[str]:
    found = of_period(of(pen.settlement))
    if found:
        yield pen.bold(pen.words(heading))
        yield from table([_document(pen, item) for item in found], "<<<<")


def later(pen: Pen) -> Iterator[str]:
    """How many documents wait for a later period."""
    count = of_later(pen.settlement.unused)
    if count:
        yield pen.words("later_documents", count=count)


def _document(pen: Pen, item: UnusedDocument) -> Row:
    name = document_name(item, pen.program, pen.words)
    return (name, item.date.isoformat(), reason_text(item.reason, pen.words), one_line(file_name(item.place)))


left_out = (
    partial(_documents, heading="unused", of=lambda settlement: settlement.unused),
    later,
    partial(_documents, heading="duplicates", of=lambda settlement: settlement.duplicates),
)
"""Documents no clause used, those of a later period, and duplicates."""


def notices(pen: Pen) -> Iterator[str]:
    """What a reader should know before signing."""
    if pen.settlement.notices:
        yield pen.bold(pen.words("notices"))
    yield from (f"  {one_line(text)}" for _, text in pen.settlement.notices)


def receipt(pen: Pen) -> Iterator[str]:
    """Counts, hashes and versions."""
    words, proof = pen.words, pen.settlement.receipt
    count = words("documents_count", read=pen.settlement.documents_read, used=pen.settlement.documents_used)
    yield pen.dim(f"{words('documents')}{words.colon}{count}")
    yield pen.dim(f"{words('contract_hash')} {one_line(proof.contract_sha256)}")
    yield pen.dim(f"{words('documents_hash')} {one_line(proof.documents_sha256)}")
    yield pen.dim(f"{words('engine')} {one_line(proof.engine)} · {words('calendar')} {one_line(proof.calendar)}")
