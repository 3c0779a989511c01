"""How documents are told apart: by the rows of a table that may take them, and by VAT rate."""

from __future__ import annotations

from collections.abc import Hashable
from decimal import Decimal

from rules_engine.core.expressions import Table
from rules_engine.engine.evaluator import Outcome
from rules_engine.engine.reading.choices import in_force
from rules_engine.engine.reading.columns import Reader
from rules_engine.engine.reading.identity import signature
from rules_engine.engine.reading.records import Record
from rules_engine.engine.reading.row_index import row_mask
from rules_engine.engine.reading.source_code import NOT_ORDINARY
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
        self._mask = row_mask(table.rows, reader, dated)

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
