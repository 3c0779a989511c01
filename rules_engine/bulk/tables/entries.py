"""A settlement as rows of the tables a batch leaves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from rules_engine.bulk.model import Counts, Trouble
from rules_engine.bulk.tables.columns import CARRIED, EXCEPTIONS, LINES, POSTED, TABLES, TOTALS, TRACE, names
from rules_engine.bulk.tables.keeping import as_json, carried_rows, parted
from rules_engine.bulk.tables.traces import at_ten, flat
from rules_engine.diagnostics.model import Diagnostic, Severity
from rules_engine.settlement.model import Line, Settlement, Unsettled
from rules_engine.settlement.reasons import REASONS
from rules_engine.values.period import Period

Row = tuple[object, ...]


@dataclass(slots=True)
class Entries:
    """Rows by table, in the order of contracts."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in TABLES})
    counts: Counts = field(default_factory=Counts)

    def settled(self, settlement: Settlement, period: str, documents: int) -> None:
        """Everything of one settlement."""
        contract = settlement.program.header.id
        printed, before = (*settlement.lines, *settlement.pending), len(self.rows[LINES])
        self.rows[LINES] += [_line(line, contract, period) for line in printed]
        self.rows[TRACE] += [(contract, line.id, *flat(line.trace)) for line in printed]
        self.rows[TOTALS].append(totals_row(settlement, period, documents, len(settlement.lines)))
        due = [dict(zip(names(LINES), row, strict=True)) for row in self.rows[LINES][before : before + len(settlement.lines)]]
        self.rows[POSTED].append((contract, parted(settlement, due)))
        self.rows[CARRIED] += carried_rows(settlement)
        for trouble in _troubles(settlement):
            self.trouble(trouble, period)
        self.counts += Counts(settled=1, lines=len(printed), documents=documents)

    def trouble(self, item: Trouble, period: str) -> None:
        """One exception."""
        first, last = (item.window[0], item.window[1]) if item.window else (None, None)
        row = (item.contract, period, item.code, item.severity, item.clause, item.group, first, last, item.text, item.place)
        self.rows[EXCEPTIONS].append(row)
        self.counts += Counts(errors=item.severity == "error", warnings=item.severity == "warning")


def finding(contract: str, item: Diagnostic) -> Trouble:
    """A diagnostic as an exception."""
    span = item.places[0].span if item.places else None
    said = [item.places[0].text if item.places else "", item.why, item.fix]
    text = f"{item.title}: {' '.join(part for part in said if part)}"
    return Trouble(contract, item.code, str(item.severity), text, f"{span.file}:{span.line}:{span.column}" if span else "")


def _line(line: Line, contract: str, period: str) -> Row:
    papers, (unrounded, exact) = line.papers, at_ten(line.unrounded)
    return (
        contract, period, line.id, line.clause, line.kind, as_json(line.group), *_days(line.window), line.payee, line.direction,
        line.base, unrounded, exact, line.target, line.posted, line.amount, papers.invoice_by, papers.treatment,
        papers.vat_rate, papers.net_of_vat, papers.vat, line.status, as_json(line.corrects), as_json(line.flags),
        line.document_count,
    )  # fmt: skip


def totals_row(settlement: Settlement, period: str, documents: int, lines: int) -> Row:
    """The row of totals of a settlement of so many lines."""
    sums, papers, header = settlement.totals, settlement.papers, settlement.program.header
    return (
        header.id, period, header.currency, sums.payable, sums.receivable, sums.net, sums.carried_in,
        sums.payout, sums.carried_out, sums.due_date, papers.supplier_invoice, papers.platform_invoice, papers.receipts,
        papers.prepayment_applied, lines, len(settlement.pending), len(settlement.unsettled), documents,
    )  # fmt: skip


def _troubles(settlement: Settlement) -> Iterator[Trouble]:
    contract, chinese = settlement.program.header.id, settlement.program.header.language == "zh"
    yield from (finding(contract, item) for item in settlement.diagnostics if item.severity is not Severity.NOTE)
    yield from (_unsettled(contract, item, chinese=chinese) for item in settlement.unsettled)


def _unsettled(contract: str, item: Unsettled, *, chinese: bool) -> Trouble:
    reason, _, code = item.reason.partition(":")
    text = REASONS[reason][chinese] + f" ({code})" * bool(code) + ("：" if chinese else ": ") * bool(item.missing) + ", ".join(item.missing)
    return Trouble(contract, "unsettled", "error", text, "", item.clause, as_json(item.group), _days(item.window))


def _days(window: Period) -> tuple[date, date]:
    return window.start, window.last
