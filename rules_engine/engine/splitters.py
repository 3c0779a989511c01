"""How documents are told apart: by the rows of a table that may take them, and by VAT rate."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from decimal import Decimal

from rules_engine.core.expressions import Expression, Row, Table
from rules_engine.engine.choices import in_force
from rules_engine.engine.columns import Reader
from rules_engine.engine.evaluator import Outcome
from rules_engine.engine.identity import signature
from rules_engine.engine.records import Record
from rules_engine.engine.row_functions import RowFunction, row_function, total


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
        self._rows = [(1 << index, row, _test(row, reader)) for index, row in enumerate(table.rows)]
        self._reader = reader

    def key(self, record: Record) -> Hashable | Outcome:
        """The mask; an Outcome when a filter is undecided."""
        priced = record.reverses or record
        day = priced.date
        mask = 0
        for bit, row, test in self._rows:
            if self._dated and not in_force(row.start, row.end, day):
                continue
            taken: object = True if test is None else total(test[0], test[1], self._reader, priced)
            if isinstance(taken, Outcome):
                return taken
            if taken:
                mask |= bit
        return mask


def _test(row: Row, reader: Reader) -> tuple[RowFunction, Expression] | None:
    return None if row.where is None else (row_function(row.where, reader)[0], row.where)
