"""The program: everything the engine needs to know of a contract, and nothing of how it was written.

All dates are half-open (`end` is the first day after). Everything is immutable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

from rules_engine.core.expressions import Aggregate, Expression, Price, Rounding, Time
from rules_engine.core.units import Unit
from rules_engine.record import dataclass
from rules_engine.source import NOWHERE, Span
from rules_engine.values.period import Period, WindowSpec


@dataclass(frozen=True, slots=True)
class ColumnType:
    """A column: `kind` is the strict parser's type (amount, quantity, number, percent, days, date, text, yes_no); `low`/`high`
    bound numbers, both included; `choices` list the only texts. A computed column has a document-scope `formula`.
    A text that must be `given` is missing where it is blank."""

    name: str
    unit: Unit
    kind: str
    low: Decimal | None = None
    high: Decimal | None = None
    choices: tuple[str, ...] = ()
    formula: Expression | None = None
    given: bool = False


@dataclass(frozen=True, slots=True)
class DocumentType:
    """A document type: `name` stands in files, `plural` in contracts. `side`: payable, receivable, either, credit, balance,
    input, none. `clock` is the canonical column that dates it ('date' unless the contract says otherwise)."""

    name: str
    plural: str
    side: str
    clock: str
    columns: Mapping[str, ColumnType]
    span: Span = NOWHERE


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Dated(Generic[T]):
    """A value in force from `start` until before `end`."""

    value: T
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """The contract's frame. `vat`: rates in force (empty: no VAT is split). `settle` tiles the term into settlements.
    `pay`: days and anchor of the due date. `late`: 'settle in the period they arrive' | 'not settled'. `returns`:
    'own_period' | 'back_to_sale'. `corrections`: 'net', one line with the difference, or 'reversal' (红冲重开), two lines.
    `negative_net`: 'carried_forward' | 'invoiced'; `minimum_payout` 0 pays any amount;
    less is put off, at most `deferrals` times in a row (None: without end). A negative amount that `write_off_after` settlements
    could not take back is written off (0: never). `written_end`: the first day after the term as it was signed, where the
    contract was terminated before. `renews`: the contract whose balances this one takes over. `amended`: the day each amendment
    takes effect and the day it is known."""

    id: str
    title: str
    version: str
    language: str
    sha256: str
    platform: str
    supplier_id: str
    supplier: str
    mode: str
    signed: date | None
    start: date
    end: date
    currency: str
    prices_include_vat: bool
    vat: tuple[Dated[Decimal], ...]
    settle: WindowSpec
    pay: PayTerm
    minimum_payout: Decimal
    negative_net: str
    late: str
    returns: str
    rounding: Rounding
    rounding_place: str
    year_start: tuple[int, int]
    ranges: Mapping[str, tuple[date, date]]
    parties: Mapping[str, str]
    file: str
    corrections: str = "net"
    deferrals: int | None = None
    write_off_after: int = 0
    written_end: date | None = None
    renews: str = ""
    amended: tuple[tuple[date, date], ...] = ()


@dataclass(frozen=True, slots=True)
class PayTerm:
    """Due date = anchor + count unit, then the fixed day, then rolled. `anchor`: statement (last day of the period), receipt
    (each goods document's own day) or invoice, the end of its month (`month_end`, `receipt_month_end`, `invoice_month_end`) or
    the first of the next (`next_month`, …). `unit`: days, working_days, months. `day`, if any, is taken in the month `months`
    after the one reached; 31 is its last. `roll`: '' | 'following' | 'preceding' working day."""

    count: int
    unit: str
    anchor: str
    roll: str = ""
    overflow: str = ""
    day: int = 0
    months: int = 0

    @property
    def by(self) -> str:
        """What it counts from: statement, receipt or invoice."""
        head = self.anchor.partition("_")[0]
        return head if head in ("receipt", "invoice") else "statement"


@dataclass(frozen=True, slots=True)
class Measure:
    """A named number for a group and window. `shown` prints it on the statement, for the settled period or the window of kind
    `shown_per` that its last day lies in, so far; it is never paid nor rounded by itself."""

    name: str
    title: str
    expression: Expression
    unit: Unit
    shown: bool
    span: Span = NOWHERE
    shown_per: WindowSpec | None = None


@dataclass(frozen=True, slots=True)
class Counter:
    """A sum that runs over documents, for every group of `per` by itself. It begins at 0 in each of `windows` and at `start` in
    the first; a document outside all of them does not move it."""

    name: str
    title: str
    amount: Aggregate
    per: tuple[str, ...]
    windows: tuple[Period, ...]
    start: Decimal = Decimal(0)
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class ChangingValue:
    """A number that begins as `starts` and `becomes` another at each document of a type, in date order, for every class of `per`
    by itself. Both are document scope; `becomes` reads the number so far as `Column(name, of='this')`."""

    name: str
    title: str
    starts: Expression
    becomes: Expression
    type: str
    per: tuple[str, ...]
    unit: Unit
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class OnAccount:
    """Points before the close where entitlement is evaluated. `every`: month, quarter, half_month, document, dates.
    `taken_back`: 'always' | 'never' | 'at_end'. `provisional`: the price at points before the close."""

    every: str
    dates: tuple[date, ...] = ()
    taken_back: str = "always"
    provisional: Price | None = None


@dataclass(frozen=True, slots=True)
class Bound:
    """A clause bound with its own window (None: each clause window). `side`: most | least. `amount` is a window-scope
    expression read for the bound's window so far. `proportion`: '' | days | thirtieths | months where a window is cut."""

    side: str
    amount: Expression
    window: WindowSpec | None
    proportion: str = ""
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Spread:
    """One rounded amount shared. `by` 'weight': over the values of column `over` by measure `weight`; 'document_order': each
    document gets the increase it caused; 'day': evenly over the days from `start` to before `end`."""

    by: str
    over: str = ""
    weight: Expression | None = None
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """A payee's part of the amount; `share` None takes the rest."""

    party: str
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class DueShare:
    """From the first settlement whose last day is on or after the day, `share` of the amount is due. The day is `day`, or a
    `rule` over dates (signing, term end) evaluated in window scope."""

    share: Decimal
    day: date | Expression | Time


@dataclass(frozen=True, slots=True)
class Papers:
    """`invoice_by`: supplier, platform, receipt, none. `treatment`: invoice_discount (票折) | cash (账扣) | prepayment.
    `vat`: 'contract' (the header's rate by date, or the document's own), 'none', or a fixed rate."""

    invoice_by: str
    treatment: str
    vat: str | Decimal = "contract"


@dataclass(frozen=True, slots=True)
class Adding:
    """One source of a balance. `how`: 'document', each document a layer on its day; 'result', what a clause's windows come to,
    as they stand; 'window', what each `window` comes to, at its close; 'ahead', an amount that is there from each window's
    first day; 'running', what each window so far comes to, for that window and later ones."""

    amount: Expression
    how: str
    window: WindowSpec | None = None
    proportion: str = ""
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Balance:
    """What is added, kept in dated layers, and used up oldest first. `kind`: balance | credit (what a clause leaves unused) |
    prepayment.
    `starts` is there from the term's first day, `most` is a ceiling. A layer ends `lasts` (count, unit) after its day, or with
    the `expires` window it lies in. `rounding` None: counted in units, never rounded. `shared` tells who may take from an account
    once its own group has: '' nobody, 'own' any group from the blank group's, 'all' any group from any."""

    id: str
    title: str
    kind: str
    unit: Unit
    adds: tuple[Adding, ...]
    per: tuple[str, ...] = ()
    starts: Expression | None = None
    most: Expression | None = None
    lasts: tuple[int, str] | None = None
    expires: WindowSpec | None = None
    rounding: Rounding | None = None
    shared: str = ""
    source: str = ""
    text: str = ""
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Draw:
    """What a clause takes from a balance. `how`: 'amount', off what it earned, at most `bounds`; 'documents', off its base,
    document by document in date order; 'wanted', as much of an expression as there is (its `earn` reads it by `ResultOf` the balance)."""

    balance: str
    how: str
    bounds: tuple[Bound, ...] = ()
    wanted: Expression | None = None
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause. `earn` is money per calculation unit (group × window); everything after it is the kernel's:
    bound, round, share, subtract what is posted, papers.

    `payer`: 'platform' (payable) | 'supplier' (receivable). `per`: the columns that split it ('document', 'order', 'document_line'
    are the linked root's ids). `groups` names groups that exist without documents. `proportion` scales the whole amount where
    the window is cut ('' : not). `negative`: turns_round, zero, carry. `changes`: split, continue, last. `collect`: in_full |
    within_net (deposits, prepayments). `phrases` word its steps: label → (English, Chinese). `notices` are flags for the statement.
    `funding` shares the amount, largest remainder, and only the payer's part is the line. `recorded` is what documents
    record more than was worked out; anything but 0 is flagged. `earlier` are the texts, with their places, that an amendment replaced.
    """

    id: str
    kind: str
    title: str
    payer: str
    earn: Expression
    base: Expression | None
    per: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]
    period: WindowSpec
    on_account: OnAccount | None
    bounds: tuple[Bound, ...]
    rounding: Rounding
    rounding_place: str
    papers: Papers
    start: date
    end: date
    when: Expression | None = None
    once_reached: bool = False
    negative: str = "turns_round"
    proportion: str = ""
    spread: Spread | None = None
    shares: tuple[Share, ...] = ()
    due: tuple[DueShare, ...] = ()
    changes: str = ""
    needs_confirmation: bool = False
    collect: str = "in_full"
    source: str = ""
    phrases: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    funding: tuple[Share, ...] = ()
    recorded: Expression | None = None
    text: str = ""
    span: Span = NOWHERE
    earlier: tuple[tuple[str, Span], ...] = ()
    goods: str = ""
    draws: tuple[Draw, ...] = ()
    reverses: Reversal | None = None


@dataclass(frozen=True, slots=True)
class Reversal:
    """What a clause gives back of another: `quantity` (document scope) of each document of `types`, as a share of that of all
    documents of the types `charged` in the unit it belongs to, times what `clause` came to there; at most all of it."""

    clause: str
    quantity: Expression
    charged: tuple[str, ...]
    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """A bound over several clauses. `most`: one reduction line per member, against the member's direction; `least`: a line of
    its own at the close of the window, paid as the members are."""

    id: str
    title: str
    members: tuple[str, ...]
    bounds: tuple[Bound, ...]
    papers: Papers
    rounding: Rounding
    source: str = ""
    text: str = ""
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Program:
    """A checked contract. `order` lists clause, limit and balance ids so that everything is computed before it is read."""

    header: Header
    types: Mapping[str, DocumentType]
    measures: Mapping[str, Measure]
    clauses: Mapping[str, Clause]
    limits: Mapping[str, Limit]
    order: tuple[str, ...]
    counters: Mapping[str, Counter] = field(default_factory=dict)
    balances: Mapping[str, Balance] = field(default_factory=dict)
    values: Mapping[str, ChangingValue] = field(default_factory=dict)
