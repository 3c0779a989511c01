"""Document-scope expressions as generated functions of one record; the reader answers what they leave open."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from rules_engine.core.expressions import Column, Expression
from rules_engine.core.units import Unit
from rules_engine.engine.evaluator import Outcome
from rules_engine.engine.reading.columns import DISCOUNTS, SPECIAL, Reader, special
from rules_engine.engine.reading.records import Record
from rules_engine.engine.reading.source_code import NOT_ORDINARY, Printed, Printer, Unsure, function

NUMBERS = frozenset({Unit.MONEY, Unit.PERCENT, Unit.QUANTITY, Unit.PRICE, Unit.NUMBER, Unit.DAYS})
ZERO = Decimal(0)

RowFunction = Callable[[Record], object]


def row_printer(reader: Reader, record: str = "r", values: str = "v") -> Printer:
    """A printer of document scope; `record` and `values` name the record and its values in the source."""

    def leaf(inner: Expression) -> Printed:
        if isinstance(inner, Column) and inner.of in ("", "original", "this"):
            return _column(inner, reader, printer, record, values)
        walked = printer.bound(lambda found: answered(reader.value(inner, found)))
        return Printed(f"{walked}({record})", "fraction" if _numeric(inner) else "other")

    printer = Printer(leaf, f"{record}.priced.date")
    printer.names.update(ZERO=ZERO)
    return printer


def row_function(expression: Expression, reader: Reader) -> tuple[RowFunction, str]:
    """A function of one record that gives the value, or raises one of `NOT_ORDINARY`; and the kind of its value."""
    printer = row_printer(reader)
    printed = printer.code(expression)
    source = f"def row(r):\n    v = r.values\n    return {printed.code}\n"
    return function(source, printer.names, "row"), printed.kind


def _numeric(expression: Expression) -> bool:
    return getattr(expression, "unit", Unit.TEXT) in NUMBERS


def _column(column: Column, reader: Reader, printer: Printer, record: str, values: str) -> Printed:
    if column.of == "original":
        record, values = f"{record}.original", f"{record}.original.values"
    name, plain = column.name, Column(column.name, column.unit)
    if name in reader.computed_names or name in SPECIAL:
        cell = printer.bound(lambda record: answered_cell(reader, column, record))
        return Printed(f"{cell}({record})", "fraction" if column.unit in NUMBERS else "other")
    if column.unit is Unit.TEXT and name in reader.given_names:
        return Printed(f"{printer.bound(lambda found: answered(reader.column(plain, found, None)))}({record})", "other")
    if column.unit is Unit.TEXT:
        return Printed(f"{values}.get({name!r}, '')", "other")
    if name in DISCOUNTS:
        return Printed(f"{values}.get({name!r}, ZERO)", "decimal")
    return Printed(f"{values}[{name!r}]", "decimal" if column.unit in NUMBERS else "other")


def answered(outcome: Outcome) -> object:
    """The value, if there is one."""
    if outcome.value is None:
        raise Unsure
    return outcome.value


def answered_cell(reader: Reader, column: Column, record: Record) -> object:
    """A computed or special cell, numbers as fractions."""
    value = reader.cell(record, column.name) if column.name in reader.computed_names else special(record, column.name)
    if value is None or isinstance(value, Outcome):
        raise Unsure
    return Fraction(value) if isinstance(value, Decimal) else value


def total(function_of: RowFunction, expression: Expression, reader: Reader, record: Record) -> object:
    """The value for one record, an `Outcome` where there is none."""
    try:
        value = function_of(record)
    except NOT_ORDINARY:
        value = None
    if value is not None:
        return value
    outcome = reader.value(expression, record)
    return outcome if outcome.value is None else outcome.value
