"""How documents are told apart: by the rows of a table that may take them, and by VAT rate."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from decimal import Decimal
from typing import cast

from rules_engine.core.expressions import Row, Table
from rules_engine.engine.choices import in_force
from rules_engine.engine.columns import Reader
from rules_engine.engine.evaluator import Outcome
from rules_engine.engine.identity import signature
from rules_engine.engine.records import Record
from rules_engine.engine.row_functions import row_printer
from rules_engine.engine.source_code import NOT_ORDINARY, Printer, function
from rules_engine.record import dataclass


@dataclass(frozen=True, slots=True)
class VatSplitter:
    """By effective VAT rate; None where there is none."""

    signature: str = "vat"

    def key(self, record: Record) -> Decimal | None:
        """The rate."""
        return record.vat


VAT = VatSplitter()


class RowSplitter:
    """By the rows of a table whose dates and filter take the record, as a bit mask: bit 0 is the first row. A linked return is
    tested as the line it reverses. With `dated` False the rows' dates are left to the window."""

    def __init__(self, table: Table, reader: Reader, dated: bool = True) -> None:
        self.table = table
        self.signature = signature(table) + ("" if dated else "~")
        self._dated = dated
        self._rows = [(1 << index, row) for index, row in enumerate(table.rows)]
        self._reader = reader
        self._mask = self._printed()

    def _printed(self) -> Callable[[Record], int]:
        """All rows in one function; it raises where a filter is undecided."""
        printer = row_printer(self._reader)
        codes = [f"({bit} if {self._test(row, printer)} else 0)" for bit, row in self._rows]
        source = f"def mask(r):\n    v = r.values\n    d = r.date\n    return {' | '.join(codes) or 0}\n"
        return cast("Callable[[Record], int]", function(source, printer.names, "mask"))

    def _test(self, row: Row, printer: Printer) -> str:
        tests = [f"{printer.bound(row.start)} <= d"] if self._dated and row.start is not None else []
        tests += [f"d < {printer.bound(row.end)}"] if self._dated and row.end is not None else []
        tests += [printer.code(row.where).code] if row.where is not None else []
        return " and ".join(tests) or "True"

    def key(self, record: Record) -> Hashable | Outcome:
        """The mask; an Outcome when a filter is undecided."""
        priced = record.reverses or record
        try:
            return self._mask(priced)
        except NOT_ORDINARY:
            return self._read(priced)

    def _read(self, priced: Record) -> int | Outcome:
        mask = 0
        for bit, row in self._rows:
            if self._dated and not in_force(row.start, row.end, priced.date):
                continue
            taken = Outcome(True) if row.where is None else self._reader.value(row.where, priced)
            if taken.value is None:
                return taken
            mask |= bit if taken.value else 0
        return mask
