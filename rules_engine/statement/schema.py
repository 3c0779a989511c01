"""The published shape of statement JSON, as pydantic models: what others may rely on, and what our own output is tested against."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Amount = Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+)?$", description="Plain decimal digits, never a JSON number.")]
Exact = Annotated[str, Field(pattern=r"^-?[0-9]+/[1-9][0-9]*$", description="The exact fraction, where decimals do not end.")]
Hash = Annotated[
    str, Field(pattern=r"^([0-9a-f]{64})?$", description="SHA-256 in lower-case hexadecimal; empty when there is none.")
]
Group = Annotated[dict[str, str], Field(description="Column → value; empty for the whole contract.")]


class Model(BaseModel):
    """Closed records: an unknown member is an error."""

    model_config = ConfigDict(extra="forbid", strict=False)


class Window(Model):
    """A stretch of days; both `from` and `to` are inside it."""

    from_: date = Field(alias="from")
    to: date


class Contract(Model):
    """The contract that was settled."""

    id: str
    title: str
    version: str
    sha256: Hash
    language: Literal["en", "zh"]


class Supplier(Model):
    """The supplier as the contract names it."""

    id: str
    name: str


class LinePapers(Model):
    """Who invoices a line and how it is paid; net_of_vat + vat = amount."""

    invoice_by: Literal["supplier", "platform", "receipt", "none"]
    treatment: Literal["invoice_discount", "cash", "prepayment", "in_goods"]
    vat_rate: Amount | None
    net_of_vat: Amount
    vat: Amount


class Step(Model):
    """One step of a computation and the steps it came from. Values are exact: decimal digits, or `p/q`."""

    op: str
    value: str | bool | None
    unit: str = ""
    label: str = ""
    detail: dict[str, str] = {}
    documents: list[str] = []
    parts: list[Step] = []


class Source(Model):
    """Where the clause stands: file, first line, its text as written, and the paper contract's reference."""

    file: str
    line: int
    text: str
    reference: str


class DocumentsRead(Model):
    """How many documents a line read, and their hash."""

    count: int
    sha256: Hash


class Lifecycle(Model):
    """What people did with a line: the computed figure beside the one they stated (confirmed, claimed, adjusted), who, when, why,
    and since when it waits."""

    computed: Amount
    stated: Amount | None = None
    by: str | None = None
    on: date | None = None
    reason: str | None = None
    since: date | None = None


class Line(Model):
    """A settlement line. `amount` = `target` − `posted`, less what could not be collected; a negative receivable gives back."""

    id: str
    clause: str
    kind: str
    title: str
    group: Group
    window: Window
    payee: str
    payer: str = ""
    goods: Literal["", "units", "value"] = ""
    direction: Literal["payable", "receivable"]
    base: Amount | None
    unrounded: Amount
    unrounded_exact: Exact | None = None
    target: Amount
    posted: Amount
    amount: Amount
    papers: LinePapers
    status: Literal["due", "pending", "correction"]
    corrects: list[str]
    flags: list[str]
    lifecycle: Lifecycle | None = None
    explanation: list[str]
    trace: Step
    source: Source
    documents: DocumentsRead


class Payee(Model):
    """Somebody named as payee, or as payer beside platform and supplier: what this statement gives and takes, whoever is on the
    other side. `lines` move no money of the supplier's and stand nowhere else."""

    party: str
    name: str
    receives: Amount
    pays: Amount
    lines: list[Line]


class Payment(Model):
    """A part of the payout, the day it falls due (null: its invoice has not come), and the documents it pays for."""

    due: date | None
    amount: Amount
    documents: list[str]


class Totals(Model):
    """net = payable − receivable; payout + carried_out + written_off = net + carried_in. `due_date` is the first day on which
    some of the payout falls due; `written_off` is negative and there only where something was."""

    payable: Amount
    receivable: Amount
    net: Amount
    carried_in: Amount
    payout: Amount
    carried_out: Amount
    due_date: date | None
    written_off: Amount | None = None


class VatPart(Model):
    """One paper at one VAT rate; gross = net + vat."""

    paper: Literal["supplier", "platform", "receipt", "prepayment", "none"]
    rate: Amount | None
    gross: Amount
    net: Amount
    vat: Amount


class Papers(Model):
    """net = supplier_invoice − platform_invoice − receipts − prepayment_applied."""

    supplier_invoice: Amount
    platform_invoice: Amount
    receipts: Amount
    prepayment_applied: Amount
    by_vat_rate: list[VatPart]


class ShownMeasure(Model):
    """A figure the contract shows; null is not applicable."""

    name: str
    title: str
    unit: str
    value: Amount | Exact | None
    window: Window


class Unsettled(Model):
    """What could not be computed, why, and which inputs are missing."""

    clause: str
    group: Group
    window: Window
    reason: str
    missing: list[str]


class NothingDue(Model):
    """A clause and group whose due is 0, and why."""

    clause: str
    group: Group
    window: Window
    reason: str


class LeftOut(Model):
    """A document that no line used, with the first condition that failed."""

    type: str
    id: str
    line: str
    date: date
    reason: str
    place: str


class Documents(Model):
    """What became of the documents of the period."""

    read: int
    used: int
    unused: list[LeftOut]
    duplicates: list[LeftOut]


class BalanceLayer(Model):
    """What was added on one day; `until` is the last day on which it can be taken."""

    since: date
    until: date | None
    added: Amount
    used: Amount
    left: Amount
    expired: bool


class Exceptional(Model):
    """A document for people to look at, and why."""

    code: Literal["return_larger_than_sale", "unlinked_return", "return_after_end", "unknown_original"]
    type: str
    id: str
    line: str
    date: date
    text: str
    place: str


class Balance(Model):
    """closing = opening + added − used − expired. Balances that a contract declares name their group, unit and layers."""

    kind: str
    name: str
    opening: Amount
    added: Amount
    used: Amount
    closing: Amount
    expired: Amount | None = None
    group: dict[str, str] | None = None
    unit: str | None = None
    layers: list[BalanceLayer] | None = None


class Notice(Model):
    """A flag in words."""

    code: str
    text: str


class Finding(Model):
    """What kept lines from being settled."""

    code: str
    severity: Literal["error", "warning", "note"]
    title: str
    why: str
    fix: str


class CarriedMeasure(Model):
    """A cumulative sum that spares a later run the earlier documents."""

    key: str
    group: list[str]
    window: Window
    total: str
    count: int


class Receipt(Model):
    """What proves the run."""

    contract_sha256: Hash
    documents_sha256: Hash
    control_totals: dict[str, str]
    engine: str
    calendar: str
    carried_measures: list[CarriedMeasure]


class Statement(Model):
    """A settlement statement. Amounts are strings of decimal digits; windows include both their days."""

    model_config = ConfigDict(extra="forbid", title="Settlewright statement")

    schema_: Literal["settlewright/statement/1"] = Field(alias="schema")
    book: Literal["accrual"] | None = None
    engine: str
    contract: Contract
    period: Window
    as_of: date | None
    currency: str
    platform: str
    supplier: Supplier
    lines: list[Line]
    totals: Totals
    payees: list[Payee] | None = None
    goods: list[Line] | None = None
    payments: list[Payment] | None = None
    papers: Papers
    measures_shown: list[ShownMeasure]
    pending: list[Line]
    accrual: list[Line] | None = None
    unsettled: list[Unsettled]
    nothing_due: list[NothingDue]
    documents: Documents
    exceptions: list[Exceptional] | None = None
    balances: list[Balance]
    diagnostics: list[Finding]
    notices: list[Notice]
    receipt: Receipt


def json_schema() -> dict[str, object]:
    """The JSON Schema (draft 2020-12) as published in docs/reference/statement.schema.json."""
    schema = Statement.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
