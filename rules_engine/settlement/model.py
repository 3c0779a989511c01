"""A settlement: itemised lines, totals, papers, and everything that was not settled and why.

Amounts are Decimals already at their printed scale; `unrounded` is the exact rational as text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from decimal import Decimal

from rules_engine.core.program import Program
from rules_engine.core.trace import TraceStep
from rules_engine.diagnostics.model import Diagnostic
from rules_engine.record import dataclass
from rules_engine.settlement.later import MadeWhenRead
from rules_engine.source import Span
from rules_engine.values.period import Period


@dataclass(frozen=True, slots=True)
class LinePapers:
    """Who invoices a line and how it is paid; `net_of_vat + vat == amount`."""

    invoice_by: str
    treatment: str
    vat_rate: Decimal | None
    net_of_vat: Decimal
    vat: Decimal


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """What people did with a line: the figure as `computed`, the one they `stated` (confirmed, claimed or adjusted; None: none), who,
    when and why. `since`: the last day of the statement that first showed it waiting."""

    computed: Decimal
    stated: Decimal | None
    by: str = ""
    on: date | None = None
    reason: str = ""
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One settlement line. `amount` is signed in its `direction` (payable | receivable): a negative receivable gives back.
    `target` is T, `posted` what earlier statements posted for the same key; amount = target - posted (less what could not be
    collected). `status`: due, correction, pending. `payer` is a party that pays in the place of platform or supplier. `trace` explains `target`; it is made when it is
    first read."""

    id: str
    clause: str
    kind: str
    title: str
    group: Mapping[str, str]
    window: Period
    payee: str
    direction: str
    base: Decimal | None
    unrounded: str
    target: Decimal
    posted: Decimal
    amount: Decimal
    papers: LinePapers
    status: str
    corrects: tuple[str, ...]
    source: str
    span: Span
    text: str
    document_count: int
    documents_sha256: str
    trace: TraceStep
    flags: tuple[str, ...] = ()
    lifecycle: Lifecycle | None = None
    payer: str = ""
    goods: str = ""


setattr(Line, "trace", MadeWhenRead(Line.__dict__["trace"]))  # noqa: B010 - a slot that answers


@dataclass(frozen=True, slots=True)
class NothingDue:
    """A key whose due is 0, and why."""

    clause: str
    group: Mapping[str, str]
    window: Period
    reason: str


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A line that could not be computed: the inputs that are missing, named."""

    clause: str
    group: Mapping[str, str]
    window: Period
    reason: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownMeasure:
    """A measure with `show`: `value` None is not applicable."""

    name: str
    title: str
    unit: str
    value: Decimal | None
    window: Period


@dataclass(frozen=True, slots=True)
class UnusedDocument:
    """A document of the period that no clause used, with the first condition that failed."""

    type: str
    id: str
    line: str
    date: date
    reason: str
    place: str


@dataclass(frozen=True, slots=True)
class Exceptional:
    """A document for people to look at. `code`: return_larger_than_sale (`column`, what was `sold` and `returned` in all, `original`),
    unlinked_return, return_after_end, unknown_original."""

    code: str
    type: str
    id: str
    line: str
    date: date
    place: str
    column: str = ""
    sold: Decimal = Decimal(0)
    returned: Decimal = Decimal(0)
    original: str = ""


@dataclass(frozen=True, slots=True)
class BalanceLayer:
    """What was added on one day and can be taken until before `until`; a layer that moved since the last statement, or holds
    something still."""

    since: date
    until: date | None
    added: Decimal
    used: Decimal
    left: Decimal
    expired: bool


@dataclass(frozen=True, slots=True)
class Balance:
    """`kind`: carried, deposit, prepayment, credit, balance. closing = opening + added - used - expired. `group` and `layers`
    belong to what a contract declares; `unit` says what is counted."""

    kind: str
    name: str
    opening: Decimal
    added: Decimal
    used: Decimal
    closing: Decimal
    expired: Decimal = Decimal(0)
    group: Mapping[str, str] = field(default_factory=dict)
    unit: str = "money"
    layers: tuple[BalanceLayer, ...] = ()


@dataclass(frozen=True, slots=True)
class Payment:
    """A part of the payout and the day it falls due (None: its invoice has not come), with the documents it pays for."""

    due: date | None
    amount: Decimal
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PayeeTotals:
    """What a payee receives and pays under the contract in this run, whoever is on the other side. `lines` move no money of the
    supplier's: their payable ones are owed to the payee, their receivable ones by it."""

    party: str
    title: str
    receives: Decimal
    pays: Decimal
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """net = payable - receivable; payout + carried_out + written_off = net + carried_in. `written_off` is negative or 0;
    `due_date` is the first day on which some of the payout falls due."""

    payable: Decimal
    receivable: Decimal
    net: Decimal
    carried_in: Decimal
    payout: Decimal
    carried_out: Decimal
    due_date: date | None
    written_off: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class VatPart:
    """One paper at one VAT rate. `paper`: supplier, platform, receipt, prepayment."""

    paper: str
    rate: Decimal | None
    gross: Decimal
    net: Decimal
    vat: Decimal


@dataclass(frozen=True, slots=True)
class PaperTotals:
    """net = supplier_invoice - platform_invoice - receipts - prepayment_applied."""

    supplier_invoice: Decimal
    platform_invoice: Decimal
    receipts: Decimal
    prepayment_applied: Decimal
    by_vat_rate: tuple[VatPart, ...]


@dataclass(frozen=True, slots=True)
class CarriedMeasure:
    """A cumulative sum a statement carries so that a later run needs no earlier documents (kernel rule 18)."""

    key: str
    group: tuple[str, ...]
    start: date
    end: date
    total: str
    count: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """What proves the run: hashes, control totals (documents and sum of every amount column by type and period), versions."""

    contract_sha256: str
    documents_sha256: str
    control_totals: Mapping[str, str]
    engine: str
    calendar: str
    carried_measures: tuple[CarriedMeasure, ...] = ()


@dataclass(frozen=True, slots=True)
class Settlement:
    """The result of one run. `book`: settled, or accrual, which posts what is earned and not settled; `accrual` are the lines by
    which a settlement brings the accrual book to what is left. `notices` are worded flags (code, text); `diagnostics` say what kept lines from
    being settled and what changed since the last statement."""

    program: Program
    period: Period
    as_of: date | None
    lines: tuple[Line, ...]
    totals: Totals
    papers: PaperTotals
    measures_shown: tuple[ShownMeasure, ...]
    pending: tuple[Line, ...]
    unsettled: tuple[Unsettled, ...]
    nothing_due: tuple[NothingDue, ...]
    documents_read: int
    documents_used: int
    unused: tuple[UnusedDocument, ...]
    duplicates: tuple[UnusedDocument, ...]
    balances: tuple[Balance, ...]
    notices: tuple[tuple[str, str], ...]
    receipt: Receipt
    diagnostics: tuple[Diagnostic, ...] = ()
    payments: tuple[Payment, ...] = ()
    payees: tuple[PayeeTotals, ...] = ()
    book: str = "settled"
    accrual: tuple[Line, ...] = ()
    exceptions: tuple[Exceptional, ...] = ()
    goods: tuple[Line, ...] = ()
