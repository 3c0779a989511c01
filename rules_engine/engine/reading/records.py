"""Documents with what the engine adds: their original, inherited columns, effective VAT and the line their price is read on."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from rules_engine.core.expressions import Aggregate
from rules_engine.core.program import Dated, Program
from rules_engine.core.units import Unit
from rules_engine.documents.model import Cell, Document
from rules_engine.engine.evaluator import Outcome
from rules_engine.engine.reading.identity import program_expressions
from rules_engine.record import dataclass

RETURN_TYPES = frozenset({"customer_return", "after_sale_return", "warehouse_return"})
ORIGINALS = {
    "customer_return": ("sale",),
    "after_sale_return": ("sale",),
    "warehouse_return": ("purchase_receipt", "purchase_batch"),
}
NOT_INHERITED = frozenset({"doc_id", "line_no", "type", "ref_doc_id", "ref_line_no", "reason", "contract", "currency", "by", "line"})
LONGEST_CHAIN = 16
MOST_REMEMBERED = 256
_remembered: dict[int, tuple[Program, frozenset[str], frozenset[str]]] = {}

Computed = Cell | Fraction | Outcome
Day = date


@dataclass(slots=True, eq=False)
class Record:
    """One document line as aggregates read it. `date` is its clock in windows, `values` its own columns with what it
    inherits, `vat` the effective rate, `original` the line it refers to. `reverses` is the line whose price rows (dates,
    filters) hold for it: its original's values filled up with its own; None where it is priced as itself. `computed`
    remembers formulas, `place` counts all records in date order."""

    document: Document
    type: str
    date: date
    values: Mapping[str, Cell]
    vat: Decimal | None
    original: Record | None = None
    reverses: Record | None = None
    computed: dict[str, Computed] | None = None
    place: int = 0

    @property
    def priced(self) -> Record:
        """What price rows test."""
        return self.reverses or self

    @property
    def order(self) -> tuple[Day, str, str, str]:
        """Date order: clock, document id, line, type."""
        document = self.document
        return (self.date, document.id, document.line, document.type)

    @property
    def root(self) -> Record:
        """The record at the end of the reversals; itself if it reverses nothing."""
        record = self
        for _ in range(LONGEST_CHAIN):
            if record.reverses is None or record.original is None:
                break
            record = record.original
        return record

    @property
    def label(self) -> str:
        """`type:id/line`, or `type:id` without a line."""
        document = self.document
        return f"{document.type}:{document.id}/{document.line}" if document.line else f"{document.type}:{document.id}"


class Rates:
    """The contract's VAT rates by day."""

    def __init__(self, rates: Sequence[Dated[Decimal]]) -> None:
        self._rates = sorted(rates, key=lambda rate: rate.start or date.min)
        self._starts = [rate.start or date.min for rate in self._rates]
        self._known: dict[date, Decimal | None] = {}

    def on(self, day: date) -> Decimal | None:
        """The rate in force; None where the contract splits no VAT."""
        if day not in self._known:
            self._known[day] = self._looked_up(day)
        return self._known[day]

    def _looked_up(self, day: date) -> Decimal | None:
        index = bisect_right(self._starts, day) - 1
        if index < 0:
            return None
        rate = self._rates[index]
        return rate.value if rate.end is None or day < rate.end else None


def enrich(program: Program, documents: Sequence[Document]) -> list[Record]:
    """A record for every document, in date order."""
    rates = Rates(program.header.vat)
    clocks = {name: kind.clock for name, kind in program.types.items() if kind.clock != "date"}
    records = [_plain(document, rates, clocks.get(document.type, "")) for document in documents]
    _link(program, records)
    records.sort(key=lambda record: record.order)
    for place, record in enumerate(records):
        record.place = place
    return records


def _plain(document: Document, rates: Rates, clock: str) -> Record:
    values = document.values
    if clock and clock not in values:
        values = {**values, clock: document.date}
    own = values.get("vat")
    return Record(document, document.type, document.date, values, own if isinstance(own, Decimal) else rates.on(document.date))


def _link(program: Program, records: list[Record]) -> None:
    linked = [record for record in records if record.values.get("ref_doc_id")]
    if not linked:
        return
    named = {record.values["ref_doc_id"] for record in linked}
    by_id: dict[Cell, list[Record]] = {}
    for record in records:
        if record.document.id in named:
            by_id.setdefault(record.document.id, []).append(record)
    for record in linked:
        record.original = _original(record, by_id.get(record.values["ref_doc_id"], []))
    types, columns = _inheriting(program)
    for record in sorted(linked, key=_depth):
        if record.original is not None and record.type in types:
            _inherit(record, record.original, columns, program.header.returns == "back_to_sale")


def _original(record: Record, candidates: list[Record]) -> Record | None:
    """The line it names; without a line number the first line of the same article, else the first line."""
    wanted = ORIGINALS.get(record.type)
    found = [item for item in candidates if item is not record and (wanted is None or item.type in wanted)]
    line = record.values.get("ref_line_no")
    if line:
        found = [item for item in found if item.document.line == line]
    sku = record.values.get("sku")
    same = [item for item in found if sku is None or item.values.get("sku") == sku]
    return min(same or found, key=lambda item: item.order, default=None)


def _depth(record: Record) -> int:
    depth, step = 0, record.original
    while step is not None and depth < LONGEST_CHAIN:
        depth, step = depth + 1, step.original
    return depth


def _inheriting(program: Program) -> tuple[frozenset[str], frozenset[str]]:
    """The types whose documents inherit, and the columns they do; remembered for a program."""
    held = _remembered.get(id(program))
    if held is None or held[0] is not program:
        if len(_remembered) >= MOST_REMEMBERED:
            _remembered.clear()
        held = _remembered[id(program)] = (program, _reversing_types(program), _text_columns(program))
    return held[1], held[2]


def _reversing_types(program: Program) -> frozenset[str]:
    """Return documents, and every type some aggregate takes off."""
    taken_off = {
        source.type
        for expression in program_expressions(program)
        if isinstance(expression, Aggregate)
        for source in expression.sources
        if source.sign < 0
    }
    return RETURN_TYPES | taken_off


def _text_columns(program: Program) -> frozenset[str]:
    columns = [column for kind in program.types.values() for column in kind.columns.values()]
    return frozenset(item.name for item in columns if item.unit is Unit.TEXT and item.formula is None) - NOT_INHERITED


def _inherit(record: Record, original: Record, columns: frozenset[str], back_to_sale: bool) -> None:
    """A return takes the blank texts, the VAT rate and the price of what it reverses."""
    own, priced = record.values, original.priced
    record.values = {**{name: value for name, value in original.values.items() if name in columns}, **own}
    record.reverses = Record(
        priced.document, priced.type, priced.date, {**record.values, **priced.values}, priced.vat, priced.original
    )
    if not isinstance(own.get("vat"), Decimal):
        record.vat = original.vat
    if back_to_sale:
        record.date = original.date
