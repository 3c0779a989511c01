"""Which group a record belongs to, and on which day it counts there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction

from rules_engine.engine.evaluator import Outcome
from rules_engine.engine.reading.columns import SPECIAL, Reader
from rules_engine.engine.reading.records import Record
from rules_engine.values.exact import exact_text

ROOTS = frozenset({"document", "document_line", "order"})
"""Groupings by what a document goes back to: a linked return belongs to its sale, on its sale's day."""

GroupOf = Callable[[Record], tuple[str, ...]]


def root_day(record: Record) -> date:
    """The clock of the document at the end of the links."""
    return record.root.date


def grouped_by(per: tuple[str, ...], reader: Reader) -> GroupOf:
    """The function that gives a record's group."""
    if not per:
        return lambda _: ()
    plain = not any(name in ROOTS or name in SPECIAL or name in reader.computed_names for name in per)
    if plain and len(per) == 1:
        name = per[0]
        return lambda record: (_text(record.values.get(name)),)
    parts = [_part(name, reader) for name in per]
    return lambda record: tuple(part(record) for part in parts)


def _part(name: str, reader: Reader) -> Callable[[Record], str]:
    match name:
        case "document":
            return lambda record: record.root.document.id
        case "document_line":
            return _line
        case "order":
            return lambda record: _text(record.root.values.get("order_id"))
        case _:
            return lambda record: _text(reader.cell(record, name))


def _line(record: Record) -> str:
    document = record.root.document
    return f"{document.id}/{document.line}" if document.line else document.id


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, Outcome):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return exact_text(value) if isinstance(value, Decimal | Fraction) else str(value)
