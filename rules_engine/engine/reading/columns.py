"""Document scope: expressions over one document line, its original and, in a look-up, the document that asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import assert_never

from rules_engine.core.expressions import (
    Aggregate,
    Arithmetic,
    Choice,
    Column,
    Compare,
    Constant,
    Expression,
    Logic,
    MeasureRef,
    OrderShare,
    Priced,
    ResultOf,
    Round,
    Step,
    Time,
    ValueNow,
)
from rules_engine.core.program import Program
from rules_engine.core.units import Unit
from rules_engine.documents.model import Cell
from rules_engine.engine import operations
from rules_engine.engine.evaluator import Outcome
from rules_engine.engine.outcomes import exact, missing
from rules_engine.engine.reading.choices import chosen
from rules_engine.engine.reading.records import Computed, Record

SPECIAL = frozenset({"type", "doc_id", "line_no", "date", "known_on", "vat"})
"""Columns that are not among a record's values."""
DISCOUNTS = frozenset({"supplier_coupon", "platform_coupon", "government_coupon", "platform_discount"})
"""Columns a file may leave blank: no coupon is a coupon of zero."""

LookUp = Callable[[Aggregate, Record, "Reader"], Outcome]
OrderShares = Callable[[OrderShare, Record, "Reader"], Outcome]
StateOf = Callable[[ValueNow, Record, "Reader"], Outcome]


class Reader:
    """Evaluates document-scope expressions exactly; the reference for the generated row functions."""

    def __init__(
        self, program: Program, look_up: LookUp, order_share: OrderShares | None = None, state: StateOf | None = None
    ) -> None:
        self.program = program
        self._look_up = look_up
        self._last = program.header.end - timedelta(days=1)
        self._order_share = order_share
        self._state = state
        self._formulas: Mapping[tuple[str, str], Expression] = {
            (kind.name, column.name): column.formula
            for kind in program.types.values()
            for column in kind.columns.values()
            if column.formula is not None
        }
        columns = ((kind.name, column) for kind in program.types.values() for column in kind.columns.values())
        self._given = frozenset((kind, column.name) for kind, column in columns if column.given)
        self.given_names = frozenset(name for _, name in self._given)
        self.computed_names = frozenset(name for _, name in self._formulas)

    def value(self, expression: Expression, record: Record, outer: Record | None = None) -> Outcome:
        """The expression's value for one record; `outer` is the document that asks in a look-up."""
        match expression:
            case Constant():
                return exact(expression.value)
            case Column():
                return self.column(expression, record, outer)
            case Aggregate():
                return self._look_up(expression, record, self)
            case Arithmetic():
                return operations.arithmetic(expression.op, self._all(expression.operands, record, outer))
            case Compare():
                left, right = self._all((expression.left, expression.right), record, outer)
                return operations.compare(expression.op, left, right)
            case Logic():
                return operations.logic(expression.op, self._all(expression.operands, record, outer), expression.count)
            case Round():
                return operations.rounded(expression, self.value(expression.operand, record, outer))
            case Time():
                return operations.time(expression, self._all(expression.operands, record, outer))
            case Choice():
                return chosen(expression, record.priced.date, lambda inner: self.value(inner, record, outer))
            case Step():
                return self.value(expression.operand, record, outer)
            case OrderShare():
                return missing(f"orders of {record.label}") if self._order_share is None else self._order_share(expression, record, self)
            case ValueNow():
                return missing(expression.name) if self._state is None else self._state(expression, record, self)
            case MeasureRef() | ResultOf() | Priced():
                raise TypeError(f"{type(expression).__name__} cannot be read for one document")
            case _:
                assert_never(expression)

    def _all(self, operands: tuple[Expression, ...], record: Record, outer: Record | None) -> list[Outcome]:
        return [self.value(operand, record, outer) for operand in operands]

    def column(self, column: Column, record: Record, outer: Record | None) -> Outcome:
        """A cell; a blank text is '', a blank discount 0, any other blank is missing and names its document."""
        if column.of == "window":
            return Outcome(self._last)
        source: Record | None = record
        if column.of == "original":
            source = record.original
        elif column.of == "this" and outer is not None:
            source = outer
        if source is None:
            return missing(f"original of {record.label}")
        value = self.cell(source, column.name)
        if isinstance(value, Outcome):
            return value
        if value is not None:
            return exact(value)
        if column.unit is Unit.TEXT and (source.type, column.name) not in self._given:
            return Outcome("")
        return Outcome(Fraction(0)) if column.name in DISCOUNTS else missing(f"{column.name} of {source.label}")

    def cell(self, record: Record, name: str) -> Computed:
        """The raw cell, a computed one included; None for a blank, an Outcome for a formula that has no value."""
        value = record.values.get(name)
        if value is not None:
            return record.vat if name == "vat" else value
        formula = self._formulas.get((record.type, name))
        if formula is not None:
            return self._computed(formula, record, name)
        return special(record, name)

    def _computed(self, formula: Expression, record: Record, name: str) -> Computed:
        if record.computed is None:
            record.computed = {}
        if name not in record.computed:
            outcome = self.value(formula, record)
            record.computed[name] = outcome if outcome.value is None else outcome.value
        return record.computed[name]


def special(record: Record, name: str) -> Cell:
    """Columns that are not among the values: identity, clock, effective VAT."""
    document = record.document
    found: Mapping[str, str | date | Decimal | None] = {
        "type": document.type,
        "doc_id": document.id,
        "line_no": document.line,
        "date": document.date,
        "known_on": document.known_on or document.date,
        "vat": record.vat,
    }
    return found.get(name)
