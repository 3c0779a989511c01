"""What the naive evaluator looks at: the tree's declarations and plain rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any

from rules_engine.syntax import tree
from tests.naive.windows import Span

Row = Mapping[str, Any]
"""One document line: `type, doc_id, line_no, date, known_on`, and its columns: Fraction, str, bool, date. Blank cells are absent."""

PLURALS = {
    "sales": "sale",
    "customer_returns": "customer_return",
    "purchase_receipts": "purchase_receipt",
    "purchase_batches": "purchase_batch",
    "warehouse_returns": "warehouse_return",
    "after_sale_returns": "after_sale_return",
    "price_adjustments": "price_adjustment",
    "promotion_notes": "promotion_note",
    "fixed_fees": "fixed_fee",
    "penalties": "penalty",
    "other_deductions": "other_deduction",
    "deposit_payments": "deposit_payment",
    "prepayments": "prepayment",
    "payments": "payment",
}
PAID_BEFORE = ("deposit_payment", "prepayment")
"""Payments that count from the term's first day."""
ROOTS = ("document", "document_line", "order")
INHERITED = ("sku", "category", "brand", "warehouse", "channel", "campaign", "party", "order_id", "vat")


class MissingError(Exception):
    """An input is not there: the line that asked cannot be settled."""


class NotApplicableError(MissingError):
    """A division by zero."""


class AmbiguousError(MissingError):
    """No row takes a document, or two do with different results."""


def everything(_: Row) -> bool:
    """The mask that lets every document through."""
    return True


@dataclass(frozen=True)
class Ask:
    """Who asks: columns, their values, the window, the first day not yet seen, and a filter on documents."""

    per: tuple[str, ...]
    group: tuple[str, ...]
    start: date
    end: date
    upto: date
    mask: Callable[[Row], bool] = everything

    def masked(self, more: Callable[[Row], bool]) -> Ask:
        """The same question over fewer documents."""
        before = self.mask
        return replace(self, mask=lambda row: before(row) and more(row))

    def over(self, window: Span) -> Ask:
        """The same question about another window."""
        return replace(self, start=window[0], end=window[1])


@dataclass
class World:
    """The rows known to a run and the contract's declarations. `result` reads another clause, `limited` after its limits, `priced` a
    measure that has a price, `units` what every group and window of a clause comes to now; `settlements` are the first days of all
    settlements, `walks` what documents did to counters. `uncovered` is what a balance leaves of documents, `marked` the bases it covers by
    identity, `own_name` what a clause earns before its balance."""

    rows: Sequence[Row]
    measures: Mapping[str, tree.Block]
    values: Mapping[str, tree.Block]
    own_types: Mapping[str, str]
    term: Span
    returns: str = "own_period"
    year_start: int = 1
    vat: Sequence[tuple[Fraction, date | None, date | None]] = ()
    findings: Mapping[str, tree.Block] = field(default_factory=dict)
    result: Callable[[str, Ask], Fraction] | None = None
    limited: Callable[[str, Ask], Fraction] | None = None
    priced: Callable[[tree.Block, Ask], Fraction] | None = None
    units: Callable[[str], Sequence[tuple[tuple[str, ...], Span, Fraction]]] | None = None
    uncovered: Callable[[str], Mapping[int, Fraction]] | None = None
    marked: Mapping[int, str] = field(default_factory=dict)
    own_name: tuple[str, Fraction] | None = None
    originals: dict[int, Row | None] = field(default_factory=dict)
    mode: str = "half_up"
    counters: Mapping[str, tree.Block] = field(default_factory=dict)
    settlements: Sequence[date] = ()
    walks: dict[str, dict[int, Any]] = field(default_factory=dict)

    def type_of(self, plural: str) -> str:
        """The word in files for the word in contracts."""
        return self.own_types.get(plural) or PLURALS.get(plural, plural)

    def original(self, row: Row) -> Row | None:
        """The line this row reverses, if it names one that exists."""
        if id(row) not in self.originals:
            self.originals[id(row)] = self._find_original(row)
        return self.originals[id(row)]

    def _find_original(self, row: Row) -> Row | None:
        if not row.get("ref_doc_id"):
            return None
        for other in self.rows:
            same_line = not row.get("ref_line_no") or other["line_no"] == row["ref_line_no"]
            if other is not row and other["doc_id"] == row["ref_doc_id"] and same_line:
                return other
        return None

    def column(self, row: Row, name: str) -> Any:
        """A cell; a linked return takes what it does not say itself from the line it reverses."""
        if name == "date":
            return row["date"]
        found = row.get(name)
        origin = self.original(row) if found is None and name in INHERITED else None
        return self.column(origin, name) if origin is not None else found

    def root(self, row: Row) -> Row:
        """The sale of a linked return; any other row itself."""
        origin = self.original(row)
        return row if origin is None else self.root(origin)

    def price_day(self, row: Row) -> date:
        """The day that picks dated rows: the sale's for a linked return."""
        day: date = self.root(row)["date"]
        return day

    def clock(self, row: Row, per: tuple[str, ...]) -> date:
        """The day that puts a row into a window; what was paid before the term counts from its first day."""
        moved = self.returns == "back_to_sale" or any(column in ROOTS for column in per)
        day: date = self.root(row)["date"] if moved else row["date"]
        return max(day, self.term[0]) if row["type"] in PAID_BEFORE else day

    def group_value(self, row: Row, column: str) -> str:
        """What a row says for one column of the group."""
        if column == "document":
            return str(self.root(row)["doc_id"])
        if column == "document_line":
            return f"{self.root(row)['doc_id']}/{self.root(row)['line_no']}"
        found = self.column(row, "order_id" if column == "order" else column)
        return "" if found is None else str(found)

    def vat_rate(self, row: Row) -> Fraction | None:
        """The rate written on the document, or the contract's on its sale's day."""
        written = self.column(row, "vat")
        if written is not None:
            return Fraction(written)
        day = self.price_day(row)
        for rate, start, end in self.vat:
            if (start is None or start <= day) and (end is None or day < end):
                return rate
        return None

    def seen(self, row: Row, ask: Ask) -> bool:
        """Whether a row counts for the one who asks."""
        if not ask.start <= self.clock(row, ask.per) < min(ask.end, ask.upto):
            return False
        same = all(self.group_value(row, column) == value for column, value in zip(ask.per, ask.group, strict=True))
        return same and ask.mask(row)
