"""Rows of a price table told apart by the text of one column: looked up, where there are many, instead of tried one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import field
from datetime import date
from typing import cast

from rules_engine.core.expressions import Column, Compare, Constant, Expression, Logic, Row
from rules_engine.core.units import Unit
from rules_engine.engine.reading.choices import in_force
from rules_engine.engine.reading.columns import Reader
from rules_engine.engine.reading.records import Record
from rules_engine.engine.reading.row_functions import row_function, row_printer
from rules_engine.engine.reading.source_code import Printer, function
from rules_engine.record import dataclass

MANY = 8
"""Rows by one column from which they are looked up."""
Numbered = tuple[int, Row]
Mask = Callable[[Record], int]


@dataclass(slots=True)
class RowIndex:
    """The bits of the rows that a record's text names, whatever else they ask; `dated` ones only within their days."""

    text: Callable[[Record], object]
    plain: dict[str, int] = field(default_factory=dict)
    dated: dict[str, list[tuple[int, date | None, date | None]]] = field(default_factory=dict)

    def mask(self, record: Record) -> int:
        """The rows that the record's text names, in force on its day."""
        text = cast("str", self.text(record))
        found = self.plain.get(text, 0)
        for bit, start, end in self.dated.get(text, ()):
            if in_force(start, end, record.date):
                found |= bit
        return found


def row_mask(rows: Sequence[Row], reader: Reader, dated: bool) -> Mask:
    """A function of one record that gives the rows which take it as bits; it raises where a filter is undecided."""
    numbered = [(1 << place, row) for place, row in enumerate(rows)]
    named = {bit: found for bit, row in numbered if (found := named_texts(row.where)) is not None}
    most = Counter(column for column, _ in named.values()).most_common(1)
    if not most or most[0][1] < MANY:
        return _tried(numbered, reader, dated)
    column = most[0][0]
    index = RowIndex(row_function(column, reader)[0])
    left: list[Numbered] = []
    for bit, row in numbered:
        if bit in named and named[bit][0] == column:
            _put(index, bit, row, named[bit][1], dated)
        else:
            left.append((bit, row))
    tried = _tried(left, reader, dated)
    return lambda record: index.mask(record) | tried(record)


def _put(index: RowIndex, bit: int, row: Row, texts: Sequence[str], dated: bool) -> None:
    for text in dict.fromkeys(texts):
        if dated and (row.start is not None or row.end is not None):
            index.dated.setdefault(text, []).append((bit, row.start, row.end))
        else:
            index.plain[text] = index.plain.get(text, 0) | bit


def named_texts(where: Expression | None) -> tuple[Column, tuple[str, ...]] | None:
    """The column and the texts of a filter that asks for nothing but one of some texts of one column."""
    match where:
        case Compare(op="=", left=Column(of="", unit=Unit.TEXT) as column, right=Constant(value=str() as text)):
            return Column(column.name, column.unit), (text,)
        case Compare(op="=", left=Constant(value=str() as text), right=Column(of="", unit=Unit.TEXT) as column):
            return Column(column.name, column.unit), (text,)
        case Logic(op="or"):
            inner = [named_texts(operand) for operand in where.operands]
            found = [each for each in inner if each is not None]
            if len(found) < len(inner) or len({column for column, _ in found}) > 1:
                return None
            return found[0][0], tuple(text for _, texts in found for text in texts)
        case _:
            return None


def _tried(rows: Sequence[Numbered], reader: Reader, dated: bool) -> Mask:
    """The rows in one function, each with a line of its own."""
    printer = row_printer(reader)
    lines = "".join(f"    if {_test(row, printer, dated)}:\n        m |= {printer.bound(bit)}\n" for bit, row in rows)
    return cast("Mask", function(f"def mask(r):\n    v = r.values\n    d = r.date\n    m = 0\n{lines}    return m\n", printer.names, "mask"))


def _test(row: Row, printer: Printer, dated: bool) -> str:
    tests = [f"{printer.bound(row.start)} <= d"] if dated and row.start is not None else []
    tests += [f"d < {printer.bound(row.end)}"] if dated and row.end is not None else []
    tests += [printer.code(row.where).code] if row.where is not None else []
    return " and ".join(tests) or "True"
