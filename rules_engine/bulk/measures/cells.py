"""Cells: lines alike in all that a contract can tell apart, added up; the engine reads one as it reads a line.

A cell answers for the columns it was told apart by and for its sums. Whatever else is asked of it (an id, a day, another column)
raises `NeedsRows`, so that no reading is ever answered by less than it asks for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NoReturn

from rules_engine.bulk.measures.linear import Product
from rules_engine.bulk.measures.needs import Needs
from rules_engine.bulk.measures.plan_sql import buckets
from rules_engine.bulk.storage.typing_sql import AMOUNT_PLACES, RATE_PLACES, kind_of
from rules_engine.core.program import ColumnType, Program
from rules_engine.core.units import Unit
from rules_engine.documents.convert import Converter
from rules_engine.documents.model import Cell, Document
from rules_engine.engine.reading.records import Rates, Record
from rules_engine.engine.reading.source_code import WIDE


class NeedsRows(Exception):
    """Something was asked that only single lines can answer."""


class Values(dict[str, Cell]):
    """The columns a cell knows; asking for another one raises."""

    __slots__ = ("known",)

    def __init__(self, values: Mapping[str, Cell], known: frozenset[str]) -> None:
        super().__init__(values)
        self.known = known

    def get(self, key: str, default: Any = None) -> Any:
        """The column's value, `default` where it is blank."""
        if key not in self.known:
            raise NeedsRows(key)
        return super().get(key, default)

    def __missing__(self, key: str) -> NoReturn:
        if key not in self.known:
            raise NeedsRows(key)
        raise KeyError(key)


NO_VALUES = Values({}, frozenset())


class CellDocument(Document):
    """Stands where a line's document stands, and has nothing of it but the type."""

    __slots__ = ()

    def __getattribute__(self, name: str) -> Any:
        if name in ("id", "line", "date", "known_on", "key", "place"):
            raise NeedsRows(name)
        return super().__getattribute__(name)


@dataclass(slots=True, eq=False)
class CellRecord(Record):
    """A record of `count` lines whose own day lies in the stretch from `day`; `sums` by product. `blank`: needed columns that
    its lines lack. `heard`: the stretch in which they became known, None where that was no later than their day."""

    day: date = date.min
    count: int = 1
    sums: Mapping[Product, Decimal] = field(default_factory=dict)
    blank: frozenset[str] = frozenset()
    heard: date | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """Makes the records of one contract from the rows of the cells' table."""

    program: Program
    needs: Needs
    rates: Rates
    converters: dict[tuple[str, str], Converter] = field(default_factory=dict)

    def records(self, rows: Iterable[Sequence[Any]]) -> Iterator[CellRecord]:
        """A record for every row: shard, number, type, bucket, vat, blank, linked, obucket, ovat, heard, keys, their keys, n, sums."""
        days, keys = buckets(self.needs.cuts), self.needs.keys
        for row in rows:
            kind, bucket, vat, mask, linked, obucket, ovat, heard = row[2:10]
            own, theirs = row[10 : 10 + len(keys)], row[10 + len(keys) : 10 + 2 * len(keys)]
            count, *sums = row[10 + 2 * len(keys) :]
            if linked and obucket is None:
                raise NeedsRows("original")
            yield self._record(kind, days[bucket], (own, vat, mask, count, sums, None if heard is None else days[heard]), (days[obucket], theirs, ovat) if linked else None)

    def _record(self, kind: str, day: date, own: tuple[Any, ...], original: tuple[Any, ...] | None) -> CellRecord:
        texts, vat, mask, count, sums, heard = own
        priced = self._priced(kind, *original) if original is not None else None
        counted = original[0] if original is not None and self.needs.back_to_sale else day
        rate = _scaled(vat, RATE_PLACES) if vat is not None else priced.vat if priced is not None else self.rates.on(day)
        return CellRecord(
            _document(kind), kind, counted, self._values(kind, texts), rate, priced, priced, None, 0, day, count,
            {product: _scaled(total, AMOUNT_PLACES * len(product)) for product, total in zip(self.needs.sums, sums, strict=True)},
            frozenset(name for place, name in enumerate(self.needs.needed) if mask >> place & 1), heard,
        )  # fmt: skip

    def _priced(self, kind: str, day: date, texts: Sequence[Any], vat: int | None) -> Record:
        """The line that a linked one reverses, as price rows read it."""
        rate = _scaled(vat, RATE_PLACES) if vat is not None else self.rates.on(day)
        return Record(_document(kind), kind, day, self._values(kind, texts), rate)

    def _values(self, kind: str, texts: Sequence[Any]) -> Values:
        columns = self.program.types[kind].columns if kind in self.program.types else {}
        found: dict[str, Cell] = {}
        for name, cell in zip(self.needs.keys, texts, strict=True):
            column = columns.get(name)
            if cell is not None and column is not None:
                value = self._cell(kind, column, cell)
                if value is not None:
                    found[name] = value
        return Values(found, frozenset(self.needs.keys))

    def _cell(self, kind: str, column: ColumnType, cell: Any) -> Cell:
        if isinstance(cell, int):
            return _scaled(cell, AMOUNT_PLACES)
        if isinstance(cell, date):
            return cell
        assert isinstance(cell, str)
        if kind_of(column.name) == "text" and column.unit is Unit.TEXT and not column.choices and cell.isascii():
            return cell
        converter = self.converters.get((kind, column.name))
        if converter is None:
            converter = self.converters[kind, column.name] = Converter(column)
        value = converter.value[cell]
        if cell in converter.refused:
            raise NeedsRows(column.name)
        return value


def _document(kind: str) -> CellDocument:
    return CellDocument(kind, "", "", date.min, None, NO_VALUES)


def _scaled(number: int | Decimal, places: int) -> Decimal:
    return Decimal(int(number)).scaleb(-places, WIDE).normalize(WIDE) if number else Decimal(0)
