"""Small core programs and documents, written by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from rules_engine.core.builtin import BUILTIN_TYPES
from rules_engine.core.expressions import (
    Aggregate,
    Arithmetic,
    Band,
    Column,
    Compare,
    Constant,
    Expression,
    Ladder,
    MeasureRef,
    Part,
    Parts,
    Price,
    Priced,
    Rounding,
    Source,
)
from rules_engine.core.program import Clause, Dated, DocumentType, Header, Measure, Papers, PayTerm, Program
from rules_engine.core.units import Unit
from rules_engine.documents.model import Cell, Document
from rules_engine.engine.evaluator import Asking, Outcome
from rules_engine.values.period import WindowSpec

D = Decimal
CENT = Rounding("half_up", D("0.01"))
YEAR = (date(2026, 1, 1), date(2027, 1, 1))


def header(returns: str = "own_period", vat: Sequence[Dated[Decimal]] = (Dated(D("0.13")),)) -> Header:
    return Header(
        "T-1", "Test", "1", "en", "0" * 64, "Platform", "S-1", "Supplier", "self_operated", None, *YEAR, "CNY", True, tuple(vat),
        WindowSpec("month"), PayTerm(60, "days", "statement"), D(0), "carried_forward", "settle in the period they arrive", returns,
        CENT, "line", (1, 1), {}, {}, "t.contract",
    )  # fmt: skip


def program(
    *clauses: Clause,
    measures: Sequence[Measure] = (),
    types: Sequence[DocumentType] = (),
    returns: str = "own_period",
    vat: Sequence[Dated[Decimal]] = (Dated(D("0.13")),),
) -> Program:
    return Program(
        header(returns, vat),
        {**BUILTIN_TYPES, **{item.name: item for item in types}},
        {item.name: item for item in measures},
        {item.id: item for item in clauses},
        {},
        tuple(item.id for item in clauses),
    )


def clause(
    earn: Expression, name: str = "c", payer: str = "supplier", per: tuple[str, ...] = (), changes: str = ""
) -> Clause:
    base = earn.base if isinstance(earn, Priced) else None
    return Clause(
        name, "charge", name, payer, earn, base, per, (), WindowSpec("month"), None, (), CENT, "line",
        Papers("supplier", "cash"), *YEAR, changes=changes,
    )  # fmt: skip


def measure(name: str, expression: Expression, unit: Unit = Unit.MONEY) -> Measure:
    return Measure(name, name, expression, unit, shown=False)


def document(kind: str, name: str, day: str, line: str = "", known: str = "", **values: str) -> Document:
    """Money, quantities and rates are given as text; columns of text stay text."""
    cells: dict[str, Cell] = {key: cell(key, value) for key, value in values.items()}
    return Document(kind, name, line, date.fromisoformat(day), date.fromisoformat(known) if known else None, cells)


NUMERIC = {
    "quantity", "supply_amount", "list_amount", "paid", "supplier_coupon", "platform_coupon", "government_coupon",
    "platform_discount", "amount", "vat", "price", "score", "remaining_life", "weight",
}  # fmt: skip


def cell(key: str, value: str) -> Cell:
    if key in NUMERIC:
        return Decimal(value)
    return date.fromisoformat(value) if key.endswith("_on") else value


def column(name: str, unit: Unit = Unit.MONEY, of: str = "") -> Column:
    return Column(name, unit, of)


def text(name: str, of: str = "") -> Column:
    return Column(name, Unit.TEXT, of)


def money(value: str) -> Constant:
    return Constant(D(value), Unit.MONEY)


def percent(value: str) -> Constant:
    return Constant(D(value) / 100, Unit.PERCENT)


def is_text(name: str, value: str, of: str = "") -> Compare:
    return Compare("=", text(name, of), Constant(value, Unit.TEXT))


def total(
    item: str | Expression, over: str, less: str = "", where: Expression | None = None, op: str = "sum", unit: Unit = Unit.MONEY
) -> Aggregate:
    sources = tuple(Source(name, 1) for name in over.split()) + tuple(Source(name, -1) for name in less.split())
    inner = Column(item, unit) if isinstance(item, str) else item
    return Aggregate(op, inner, sources, where, unit)


def plus(*operands: Expression) -> Arithmetic:
    return Arithmetic("+", operands, Unit.MONEY)


def minus(*operands: Expression) -> Arithmetic:
    return Arithmetic("-", operands, Unit.MONEY)


def times(*operands: Expression) -> Arithmetic:
    return Arithmetic("*", operands, Unit.MONEY)


def over(left: Expression, right: Expression) -> Arithmetic:
    return Arithmetic("/", (left, right), Unit.NUMBER)


def biggest(*operands: Expression) -> Arithmetic:
    return Arithmetic("max", operands, Unit.MONEY)


def ref(name: str, unit: Unit = Unit.MONEY) -> MeasureRef:
    return MeasureRef(name, unit)


def rate(value: str) -> Parts:
    return Parts((Part("rate", percent(value)),))


def lump(value: str) -> Parts:
    return Parts((Part("lump", money(value)),))


def per_unit(value: str, count: str = "1", step: str = "exact") -> Parts:
    return Parts((Part("per", money(value), D(count), step),))


NONE = Parts(())


def bands(*written: tuple[str, Price]) -> tuple[Band, ...]:
    """Bands from their upper bounds; '' is open."""
    found: list[Band] = []
    lower: Constant | None = None
    for upper, price in written:
        limit = money(upper) if upper else None
        found.append(Band(lower, limit, price))
        lower = limit
    return tuple(found)


def ladder(reading: str, *written: tuple[str, Price], includes: str = "upper", at_zero: Price | None = None) -> Ladder:
    return Ladder(reading, includes, bands(*written), at_zero)


def no_results(clause_id: str, after: bool, asking: Asking) -> Outcome:
    return Outcome(Fraction(0))


def asking(
    start: str = "2026-03-01", end: str = "2026-04-01", per: Sequence[str] = (), group: Sequence[str] = (), upto: str = ""
) -> Asking:
    last = date.fromisoformat(end)
    return Asking(tuple(per), tuple(group), date.fromisoformat(start), last, date.fromisoformat(upto) if upto else last)
