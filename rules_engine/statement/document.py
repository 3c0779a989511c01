"""A settlement as plain data: the statement that is stored, sent, and read again as posted.

Amounts are strings, windows name both their days, order is fixed. The same settlement gives the same data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from rules_engine.core.program import Program
from rules_engine.core.trace import TraceStep, Value
from rules_engine.diagnostics.model import Diagnostic
from rules_engine.settlement.model import (
    Balance,
    CarriedMeasure,
    Exceptional,
    Lifecycle,
    Line,
    LinePapers,
    NothingDue,
    PaperTotals,
    PayeeTotals,
    Payment,
    Receipt,
    Settlement,
    ShownMeasure,
    Totals,
    Unsettled,
    UnusedDocument,
    VatPart,
)
from rules_engine.statement.explain import explain_line
from rules_engine.statement.layout import paper_totals, schedule
from rules_engine.statement.naming import file_name
from rules_engine.statement.numbers import decimal_text, last_day
from rules_engine.statement.reasons import exception_text
from rules_engine.statement.words import Words
from rules_engine.values.exact import exact_text
from rules_engine.values.period import Period

SCHEMA = "settlewright/statement/1"
DECLARED = ("balance", "credit")
ONE_DAY = timedelta(days=1)
Record = dict[str, object]


def document(settlement: Settlement, language: str, *, told: bool = True) -> Record:
    """The statement of a settlement (interfaces: statement JSON); `language` words the explanations only. `told` False leaves
    explanations and traces empty, which take longer than all the rest."""
    program, own = settlement.program, heads(settlement)
    return {
        "schema": SCHEMA,
        **({"book": settlement.book} if settlement.book != "settled" else {}),
        "engine": settlement.receipt.engine,
        "contract": own["contract"],
        "period": _days(settlement.period),
        "as_of": _day(settlement.as_of),
        "currency": program.header.currency,
        "platform": program.header.platform,
        "supplier": {"id": program.header.supplier_id, "name": program.header.supplier},
        "lines": [_line(line, program, language, told=told) for line in settlement.lines],
        "totals": own["totals"],
        **({"payees": [_payee(item, program, language, told=told) for item in settlement.payees]} if settlement.payees else {}),
        **({"goods": [_line(line, program, language, told=told) for line in settlement.goods]} if settlement.goods else {}),
        **({"payments": [_payment(item) for item in found]} if (found := schedule(settlement)) else {}),
        "papers": _papers(paper_totals(settlement)),
        "measures_shown": [_measure(shown) for shown in settlement.measures_shown],
        "pending": [_line(line, program, language, told=told) for line in settlement.pending],
        **({"accrual": [_line(line, program, language, told=told) for line in settlement.accrual]} if settlement.accrual else {}),
        "unsettled": [_unsettled(item) for item in settlement.unsettled],
        "nothing_due": [_nothing(item) for item in settlement.nothing_due],
        "documents": {
            "read": settlement.documents_read,
            "used": settlement.documents_used,
            "unused": _left_out(settlement.unused),
            "duplicates": _left_out(settlement.duplicates),
        },
        **({"exceptions": [_exception(item, language) for item in settlement.exceptions]} if settlement.exceptions else {}),
        "balances": own["balances"],
        "diagnostics": [_finding(item) for item in settlement.diagnostics],
        "notices": own["notices"],
        "receipt": _receipt(settlement.receipt),
    }


def heads(settlement: Settlement) -> Record:
    """What a statement says beside its lines that is another contract's own: contract, totals, balances, notices."""
    return {
        "contract": _contract(settlement.program),
        "totals": _totals(settlement.totals),
        "balances": [_balance(item) for item in settlement.balances],
        "notices": [{"code": code, "text": text} for code, text in settlement.notices],
    }


def _contract(program: Program) -> Record:
    header = program.header
    return {
        "id": header.id,
        "title": header.title,
        "version": header.version,
        "sha256": header.sha256,
        "language": header.language,
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _days(period: Period) -> Record:
    return {"from": period.start.isoformat(), "to": last_day(period).isoformat()}


def _amount(value: Decimal) -> str:
    return decimal_text(value)


def _optional(value: Decimal | None) -> str | None:
    return None if value is None else decimal_text(value)


def _line(line: Line, program: Program, language: str, *, told: bool) -> Record:
    return {
        "id": line.id,
        "clause": line.clause,
        "kind": line.kind,
        "title": line.title,
        "group": dict(line.group),
        "window": _days(line.window),
        "payee": line.payee,
        **({"payer": line.payer} if line.payer else {}),
        **({"goods": line.goods} if line.goods else {}),
        "direction": line.direction,
        "base": _optional(line.base),
        **_unrounded(line.unrounded),
        "target": _amount(line.target),
        "posted": _amount(line.posted),
        "amount": _amount(line.amount),
        "papers": _line_papers(line.papers),
        "status": line.status,
        "corrects": list(line.corrects),
        "flags": list(line.flags),
        **({"lifecycle": _lifecycle(line.lifecycle)} if line.lifecycle else {}),
        "explanation": [said.line(Words(language).colon) for said in explain_line(line, program, language)] if told else [],
        "trace": _trace(line.trace) if told else {},
        "source": {"file": file_name(line.span.file), "line": line.span.line, "text": line.text, "reference": line.source},
        "documents": {"count": line.document_count, "sha256": line.documents_sha256},
    }


def _lifecycle(life: Lifecycle) -> Record:
    record: Record = {"computed": _amount(life.computed)}
    if life.stated is not None:
        record["stated"] = _amount(life.stated)
    texts = {"by": life.by, "on": _day(life.on), "reason": life.reason, "since": _day(life.since)}
    return record | {name: text for name, text in texts.items() if text}


def unrounded_text(text: str) -> str:
    """An exact rational as decimal digits, at most ten places."""
    return decimal_text(Fraction(text))


def _unrounded(text: str) -> Record:
    short = unrounded_text(text)
    return {"unrounded": short} if "/" not in text else {"unrounded": short, "unrounded_exact": text}


def _line_papers(papers: LinePapers) -> Record:
    return {
        "invoice_by": papers.invoice_by,
        "treatment": papers.treatment,
        "vat_rate": _optional(papers.vat_rate),
        "net_of_vat": _amount(papers.net_of_vat),
        "vat": _amount(papers.vat),
    }


def _value(value: Value) -> str | bool | None:
    if isinstance(value, Decimal | Fraction):
        return exact_text(value)
    return value.isoformat() if isinstance(value, date) else value


def _trace(step: TraceStep) -> Record:
    record: Record = {"op": step.op, "value": _value(step.value)}
    if step.unit is not None:
        record["unit"] = str(step.unit)
    if step.label:
        record["label"] = step.label
    if step.detail:
        record["detail"] = {key: str(step.detail[key]) for key in sorted(step.detail)}
    if step.documents:
        record["documents"] = list(step.documents)
    if step.parts:
        record["parts"] = [_trace(part) for part in step.parts]
    return record


def _totals(totals: Totals) -> Record:
    return {
        "payable": _amount(totals.payable),
        "receivable": _amount(totals.receivable),
        "net": _amount(totals.net),
        "carried_in": _amount(totals.carried_in),
        "payout": _amount(totals.payout),
        "carried_out": _amount(totals.carried_out),
        "due_date": _day(totals.due_date),
        **({"written_off": _amount(totals.written_off)} if totals.written_off else {}),
    }


def _payee(item: PayeeTotals, program: Program, language: str, *, told: bool) -> Record:
    return {
        "party": item.party,
        "name": item.title,
        "receives": _amount(item.receives),
        "pays": _amount(item.pays),
        "lines": [_line(line, program, language, told=told) for line in item.lines],
    }


def _payment(item: Payment) -> Record:
    return {"due": _day(item.due), "amount": _amount(item.amount), "documents": list(item.documents)}


def _papers(papers: PaperTotals) -> Record:
    return {
        "supplier_invoice": _amount(papers.supplier_invoice),
        "platform_invoice": _amount(papers.platform_invoice),
        "receipts": _amount(papers.receipts),
        "prepayment_applied": _amount(papers.prepayment_applied),
        "by_vat_rate": [_vat_part(part) for part in papers.by_vat_rate],
    }


def _vat_part(part: VatPart) -> Record:
    return {
        "paper": part.paper,
        "rate": _optional(part.rate),
        "gross": _amount(part.gross),
        "net": _amount(part.net),
        "vat": _amount(part.vat),
    }


def _measure(shown: ShownMeasure) -> Record:
    return {
        "name": shown.name,
        "title": shown.title,
        "unit": shown.unit,
        "value": _optional(shown.value),
        "window": _days(shown.window),
    }


def _unsettled(item: Unsettled) -> Record:
    return {
        "clause": item.clause,
        "group": dict(item.group),
        "window": _days(item.window),
        "reason": item.reason,
        "missing": list(item.missing),
    }


def _nothing(item: NothingDue) -> Record:
    return {"clause": item.clause, "group": dict(item.group), "window": _days(item.window), "reason": item.reason}


def _left_out(documents: Iterable[UnusedDocument]) -> list[Record]:
    return [
        {
            "type": item.type,
            "id": item.id,
            "line": item.line,
            "date": _day(item.date),
            "reason": item.reason,
            "place": file_name(item.place),
        }
        for item in documents
    ]


def _exception(item: Exceptional, language: str) -> Record:
    return {
        "code": item.code,
        "type": item.type,
        "id": item.id,
        "line": item.line,
        "date": _day(item.date),
        "text": exception_text(item, Words(language)),
        "place": file_name(item.place),
    }


def _balance(item: Balance) -> Record:
    return {
        "kind": item.kind,
        "name": item.name,
        "opening": _amount(item.opening),
        "added": _amount(item.added),
        "used": _amount(item.used),
        "closing": _amount(item.closing),
        **(_declared(item) if item.kind in DECLARED else {}),
    }


def _declared(item: Balance) -> Record:
    """What only balances of the contract's own have."""
    return {
        "expired": _amount(item.expired),
        "group": dict(item.group),
        "unit": item.unit,
        "layers": [
            {
                "since": layer.since.isoformat(),
                "until": None if layer.until is None else (layer.until - ONE_DAY).isoformat(),
                "added": _amount(layer.added),
                "used": _amount(layer.used),
                "left": _amount(layer.left),
                "expired": layer.expired,
            }
            for layer in item.layers
        ],
    }


def _finding(item: Diagnostic) -> Record:
    return {"code": item.code, "severity": str(item.severity), "title": item.title, "why": item.why, "fix": item.fix}


def _carried(item: CarriedMeasure) -> Record:
    return {
        "key": item.key,
        "group": list(item.group),
        "window": _days(Period(item.start, item.end)),
        "total": item.total,
        "count": item.count,
    }


def _receipt(receipt: Receipt) -> Record:
    totals: Mapping[str, str] = receipt.control_totals
    return {
        "contract_sha256": receipt.contract_sha256,
        "documents_sha256": receipt.documents_sha256,
        "control_totals": {key: totals[key] for key in sorted(totals)},
        "engine": receipt.engine,
        "calendar": receipt.calendar,
        "carried_measures": [_carried(item) for item in receipt.carried_measures],
    }
