"""Small core programs, documents and runs, written by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from rules_engine.core.builtin import BUILTIN_TYPES
from rules_engine.core.expressions import (
    Aggregate,
    Band,
    Column,
    Compare,
    Constant,
    Expression,
    Ladder,
    Part,
    Parts,
    Price,
    Priced,
    Rounding,
    Row,
    Source,
    Table,
)
from rules_engine.core.program import Bound, Clause, Dated, Header, Limit, Measure, Papers, PayTerm, Program
from rules_engine.core.units import Unit
from rules_engine.documents.model import Cell, Document, Documents
from rules_engine.settlement.model import Settlement
from rules_engine.settlement.past.posted import as_posted
from rules_engine.settlement.settle import settle
from rules_engine.values.period import WindowSpec

D = Decimal
COLUMNS = ("paid", "supply_amount", "quantity", "amount", "vat", "category", "sku", "contract", "ref_doc_id", "ref_line_no")
KINDS = (
    "sale", "customer_return", "freight", "penalty", "fixed_fee", "price_adjustment", "deposit_payment", "prepayment", "stock",
)  # fmt: skip
TYPES = {
    name: replace(kind, columns={column: kind.columns[column] for column in COLUMNS if column in kind.columns})
    for name, kind in BUILTIN_TYPES.items()
    if name in KINDS
}
CENT = Rounding("half_up", D("0.01"))
TERM = (date(2026, 1, 1), date(2027, 1, 1))
MONTH, QUARTER, YEAR, WHOLE = WindowSpec("month"), WindowSpec("quarter"), WindowSpec("year"), WindowSpec("term")


def header(**changes: Any) -> Header:
    made = Header(
        "T-1", "Test", "1", "en", "0" * 64, "Platform", "S-1", "Supplier", "self_operated", None, *TERM, "CNY", True, (),
        MONTH, PayTerm(60, "days", "statement"), D(0), "carried_forward", "settle in the period they arrive", "own_period",
        CENT, "line", (1, 1), {}, {}, "t.contract",
    )  # fmt: skip
    return replace(made, **changes)


def program(*items: Clause | Limit, measures: Sequence[Measure] = (), **head: Any) -> Program:
    return Program(
        header(**head),
        TYPES,
        {item.name: item for item in measures},
        {item.id: item for item in items if isinstance(item, Clause)},
        {item.id: item for item in items if isinstance(item, Limit)},
        tuple(item.id for item in items),
    )


def total(column: str = "paid", over: str = "sale", less: str = "", where: Expression | None = None) -> Aggregate:
    unit = Unit.QUANTITY if column == "quantity" else Unit.MONEY
    sources = [Source(name, 1) for name in over.split()] + [Source(name, -1) for name in less.split()]
    return Aggregate("sum", Column(column, unit), tuple(sources), where, unit)


def money(value: str) -> Constant:
    return Constant(D(value), Unit.MONEY)


def percent(value: str) -> Parts:
    return Parts((Part("rate", Constant(D(value) / 100, Unit.PERCENT)),))


def lump(value: str) -> Parts:
    return Parts((Part("lump", money(value)),))


def priced(base: Expression, price: Price | str) -> Priced:
    return Priced(base, percent(price) if isinstance(price, str) else price)


def whole(*steps: tuple[str, str]) -> Ladder:
    """A ladder on the whole base: (from, percent) pairs, nothing below the first."""
    bands = [Band(None, money(steps[0][0]), Parts(()))]
    for (lower, rate), following in zip(steps, [*steps[1:], None], strict=True):
        bands.append(Band(money(lower), money(following[0]) if following else None, percent(rate)))
    return Ladder("whole", "lower", tuple(bands))


def equals(column: str, value: str) -> Compare:
    return Compare("=", Column(column, Unit.TEXT), Constant(value, Unit.TEXT))


def over(measured: Expression, bound: str) -> Compare:
    return Compare(">=", measured, money(bound))


def at_most(amount: str | Expression, window: WindowSpec | None = None, proportion: str = "") -> Bound:
    return Bound("most", money(amount) if isinstance(amount, str) else amount, window, proportion)


def at_least(amount: str | Expression, window: WindowSpec | None = None, proportion: str = "") -> Bound:
    return Bound("least", money(amount) if isinstance(amount, str) else amount, window, proportion)


def clause(name: str, earn: Expression, **changes: Any) -> Clause:
    """A monthly receivable on the supplier's invoice, without VAT."""
    base = earn.base if isinstance(earn, Priced) else None
    made = Clause(
        name, "charge", name, "supplier", earn, base, (), (), MONTH, None, (), CENT, "line", Papers("supplier", "cash", "none"), *TERM,
    )  # fmt: skip
    return replace(made, **changes)


def goods(**changes: Any) -> Clause:
    earn = priced(total("supply_amount"), "100")
    return clause("sold", earn, payer="platform", kind="goods", **changes)


def document(kind: str, name: str, day: str, known: str = "", line_no: str = "", **values: str) -> Document:
    """Columns of text stay text; everything else is a number."""
    texts = ("category", "sku", "brand", "ref_doc_id", "ref_line_no", "order_id", "line", "by", "contract")
    cells: dict[str, Cell] = {key: value if key in texts else D(value) for key, value in values.items()}
    return Document(
        kind, name, line_no, date.fromisoformat(day), date.fromisoformat(known) if known else None, cells, f"t.csv:{name}"
    )


def sale(name: str, day: str, paid: str, known: str = "", **values: str) -> Document:
    return document("sale", name, day, known, paid=paid, supply_amount=values.pop("supply_amount", paid), **values)


def back(name: str, day: str, paid: str, known: str = "", **values: str) -> Document:
    """A customer return."""
    return document("customer_return", name, day, known, paid=paid, supply_amount=paid, **values)


class Account:
    """A program settled period after period: what was settled is posted."""

    def __init__(self, made: Program, evaluator: str = "compiled") -> None:
        self.program = made
        self.documents: list[Document] = []
        self.settlements: list[Settlement] = []
        self.evaluator = evaluator

    def add(self, *documents: Document) -> Account:
        self.documents += documents
        return self

    def settle(self, period: str, *documents: Document) -> Settlement:
        self.add(*documents)
        posted = [as_posted(item) for item in self.settlements]
        done = settle(self.program, Documents(tuple(self.documents)), period, posted, evaluator=self.evaluator)
        self.settlements.append(done)
        return done

    def again(self, period: str) -> Settlement:
        """The same period once more, with everything posted; not itself posted."""
        posted = [as_posted(item) for item in self.settlements]
        return settle(self.program, Documents(tuple(self.documents)), period, posted, evaluator=self.evaluator)


def amounts(settlement: Settlement) -> dict[str, str]:
    """Clause, group values and window start → amount."""
    return {
        " ".join([line.clause, *line.group.values(), line.window.start.strftime("%m")]): str(line.amount)
        for line in settlement.lines
    }


def sums(settlements: Iterable[Settlement]) -> Mapping[str, Decimal]:
    """Clause → everything settled so far."""
    found: dict[str, Decimal] = {}
    for settlement in settlements:
        for line in settlement.lines:
            found[line.clause] = found.get(line.clause, D(0)) + line.amount
    return found


def categories(*pairs: tuple[str, str]) -> Table:
    """(category, percent) rows."""
    return Table(tuple(Row(percent(rate), equals("category", name)) for name, rate in pairs))


VAT: dict[str, Any] = {"vat": (Dated(D("0.13")),)}
