"""What a worker is given of each contract's documents: tables to read line by line, and cells."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rules_engine.bulk.looking import Looked, looked_at
from rules_engine.bulk.measures.adding_up import About, fetched, put_down, read_about
from rules_engine.bulk.measures.cells import Reader
from rules_engine.bulk.measures.reduced import Sums, control_of
from rules_engine.bulk.missing import library
from rules_engine.bulk.model import SHARD, Shard
from rules_engine.bulk.storage.canonical import column_of
from rules_engine.bulk.storage.store import Store, opened
from rules_engine.core.program import Program
from rules_engine.documents.batches import Batch
from rules_engine.engine.reading.records import Rates

Tables = Sequence[tuple[str, tuple[Batch, ...]]]


class Cells:
    """The cells of a shard by contract's number, each table as it was put down."""

    def __init__(self, tables: Iterable[Any] = ()) -> None:
        self._tables = list(tables)
        self._of = {number: place for place, table in enumerate(self._tables) for number in library("pyarrow.compute").unique(table.column("number")).to_pylist()}

    def table(self, number: int) -> Any | None:
        """The table that holds a contract's cells; None if it has none."""
        return self._tables[self._of[number]] if number in self._of else None

    def rows(self, number: int) -> Sequence[tuple[Any, ...]]:
        """A contract's cells one by one."""
        table = self.table(number)
        if table is None:
            return ()
        own = table.filter(library("pyarrow.compute").equal(table.column("number"), number))
        return list(zip([None] * own.num_rows, *(column.to_pylist() for column in own.columns), strict=True))


@dataclass(slots=True)
class Delivery:
    """Tables by contract; where documents were added up, also what was seen of the contracts, their numbers, their cells and what is
    known of them."""

    tables: Mapping[str, Tables]
    looked: Mapping[str, Looked] = field(default_factory=dict)
    about: Mapping[str, About] = field(default_factory=dict)
    cells: Cells = field(default_factory=Cells)
    numbers: Mapping[str, int] = field(default_factory=dict)

    def sums(self, program: Program, contract: str) -> Sums | None:
        """The sums of a contract, None where it is read line by line. Raises `NeedsRows` where sums are not enough."""
        about = self.about.get(contract)
        if contract not in self.looked or about is None or about.whole:
            return None
        needs = self.looked[contract].needs
        rows = self.cells.rows(self.numbers[contract])
        cells = tuple(Reader(program, needs, Rates(program.header.vat)).records(rows))
        return Sums(program, needs, cells, about.read, control_of(program, cells))


def summed(shard: Shard) -> Delivery:
    """What was put down for a shard."""
    assert shard.store is not None
    store, folder, again = opened(shard.store), shard.work / "summed", shard.work / "again"
    about = read_about(folder)
    assert store is not None
    assert about is not None
    names = {number: source.id for number, source in enumerate(shard.contracts, start=(shard.number - 1) * SHARD)}
    lines = [table for place in (folder, again) for table in put_down(place, shard.number, "lines")]
    whole = fetched(again)
    known = {names[number]: About(item.read, item.whole or number in whole) for number, item in about.items() if number in names}
    return Delivery(
        tables_of(store, lines, names),
        looked_at(shard) or {},
        known,
        Cells(table for _, table in put_down(folder, shard.number, "cells")),
        {name: number for number, name in names.items()},
    )


def tables_of(store: Store, tables: Iterable[tuple[int, Any]], names: Mapping[int, str]) -> dict[str, Tables]:
    """Single lines as tables the strict reader reads: by contract and file, odd rows as they were delivered."""
    rows: dict[str, dict[int, list[tuple[int, str | None, Sequence[str]]]]] = {}
    for _, table in tables:
        numbers, files, places, odd, *texts = (column.to_pylist() for column in table.columns)
        for number, file, place, strange, *cells in zip(numbers, files, places, odd, *texts, strict=True):
            rows.setdefault(names[number], {}).setdefault(file, []).append((place, strange, cells))
    return {name: [table for file in sorted(found) for table in _of_file(store, file, found[file])] for name, found in rows.items()}


def _of_file(store: Store, file: int, rows: list[tuple[int, str | None, Sequence[str]]]) -> Iterable[tuple[str, tuple[Batch, ...]]]:
    """One file's lines under its own headers; a header of another file would be taken for a misspelt one here."""
    name, header = store.files[file], store.headers[file]
    places = [_place(store, written) for written in header]
    once = {place: (strange, cells) for place, strange, cells in rows}
    plain = [(place, ["" if at is None else cells[at] for at in places]) for place, (strange, cells) in sorted(once.items()) if strange is None]
    if plain:
        yield name, (Batch(header, [cells for _, cells in plain], [place for place, _ in plain]),)
    for place, (strange, _) in sorted(once.items()):
        if strange is not None:
            texts = json.loads(strange)
            yield name, (Batch(tuple(texts), [tuple(texts.values())], [place]),)


def _place(store: Store, header: str) -> int | None:
    """Where the texts of a file's column stand among those of a line; None for a column without a name."""
    column = column_of(header)
    if column is not None:
        return store.columns.index(column)
    return len(store.columns) + store.own.index(header) if header.strip() else None
