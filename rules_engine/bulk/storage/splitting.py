"""Documents are read once and put down by shard: each part a Parquet file of texts, as the file had them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rules_engine.bulk.lake.given import open_given, sources_of
from rules_engine.bulk.missing import library, pyarrow
from rules_engine.bulk.whole import written
from rules_engine.core.builtin import COLUMN_NAMES
from rules_engine.diagnostics.model import ContractError
from rules_engine.documents.batches import Batch
from rules_engine.documents.faults import Faults

SPILL = 200_000
NUMBER = "#"
ABOUT = b"settlewright"


@dataclass(slots=True)
class Unclaimed:
    """Rows that no contract of the batch takes: without a contract by file, and by the contract they name."""

    blank: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class _Table:
    """The rows of one table that wait to be put down, by shard."""

    name: str
    batch: Batch
    rows: dict[int, list[tuple[int, Sequence[str]]]] = field(default_factory=dict)
    marked: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)
    waiting: int = 0


@dataclass(slots=True)
class Splitter:
    """Puts rows down by the shard of their contract. A batch of one contract takes rows without one as its own."""

    shards: Mapping[str, int]
    folder: Path
    unclaimed: Unclaimed = field(default_factory=Unclaimed)
    parts: int = 0
    rows: int = 0

    def take(self, paths: Sequence[str]) -> None:
        """Every document of the files and folders; raises `ContractError` for a file that cannot be read."""
        faults = Faults("en")
        for source in sources_of(paths, faults):
            reading = open_given(source, faults)
            if reading is not None:
                self._tables(reading.name, reading.batches)
        if faults.failed:
            raise ContractError(faults.diagnostics())

    def _tables(self, file: str, batches: Iterator[Batch]) -> None:
        table: _Table | None = None
        for batch in batches:
            name = f"{file}[{batch.part}]" if batch.part else file
            if table is None or (table.name, table.batch.header) != (name, batch.header):
                self._put_down(table)
                table = _Table(name, batch)
            self._sort(table, batch)
            if table.waiting >= SPILL:
                self._put_down(table)
        self._put_down(table)

    def _sort(self, table: _Table, batch: Batch) -> None:
        at = contract_column(batch.header)
        only = next(iter(self.shards.values())) if len(self.shards) == 1 else None
        for number, row in zip(batch.numbers, batch.rows, strict=True):
            name = row[at].strip() if at is not None and at < len(row) else ""
            shard = self.shards.get(name) if name else only
            if shard is None:
                self._nobody(table.name, name, row)
                continue
            table.rows.setdefault(shard, []).append((number, row))
            table.waiting += 1
        table.marked.update(batch.marked)

    def _nobody(self, file: str, contract: str, row: Sequence[str]) -> None:
        if contract:
            self.unclaimed.unknown[contract] += 1
        elif any(row):
            self.unclaimed.blank[file] += 1

    def _put_down(self, table: _Table | None) -> None:
        if table is None:
            return
        for shard, rows in sorted(table.rows.items()):
            self._part(table, shard, rows)
        self.rows += table.waiting
        table.rows, table.marked, table.waiting = {}, {}, 0

    def _part(self, table: _Table, shard: int, rows: list[tuple[int, Sequence[str]]]) -> None:
        self.parts += 1
        path = self.folder / f"{shard:06}" / f"{self.parts:06}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        batch = table.batch
        about = {
            "name": table.name,
            "header": list(batch.header),
            "part": batch.part,
            "inexact": list(batch.inexact.items()),
            "marked": [(*place, *mark) for place, mark in table.marked.items()],
        }
        width = len(batch.header)
        texts = list(zip(*((*row[:width], *[""] * (width - len(row)), _rest(row, width)) for _, row in rows), strict=True))
        written(path, lambda place: _write(place, [number for number, _ in rows], texts, about))


def contract_column(header: Sequence[str]) -> int | None:
    """Where the contract's id stands; None where no column says."""
    found = [COLUMN_NAMES.get(name.strip()) or COLUMN_NAMES.get(name.strip().lower()) for name in header]
    return found.index("contract") if "contract" in found else None


def _rest(row: Sequence[str], width: int) -> str:
    """Cells beyond the header as JSON, with the number of cells: a row that does not fit must still be told of."""
    return "" if len(row) == width else json.dumps([len(row), *row[width:]])


def _write(path: Path, numbers: list[int], texts: list[tuple[str, ...]], about: Mapping[str, object]) -> None:
    arrow, parquet = pyarrow(), library("pyarrow.parquet")
    columns = [arrow.array(numbers, arrow.int64()), *(arrow.array(column, arrow.string()) for column in texts)]
    names = [NUMBER, *(str(place) for place in range(len(texts)))]
    table = arrow.table(columns, names).replace_schema_metadata({ABOUT: json.dumps(about, ensure_ascii=False)})
    parquet.write_table(table, path, compression="zstd", compression_level=1)


def parts_of(folder: Path, shard: int) -> Iterator[tuple[str, Batch]]:
    """What was put down for a shard: file name and rows, in the order they were read."""
    place = folder / f"{shard:06}"
    for path in sorted(place.glob("*.parquet")) if place.is_dir() else ():
        yield _part(path)


def _part(path: Path) -> tuple[str, Batch]:
    table: Any = library("pyarrow.parquet").read_table(path, page_checksum_verification=False)
    about = json.loads(table.schema.metadata[ABOUT])
    numbers, *texts = (column.to_pylist() for column in table.columns)
    rows = [_row(cells) for cells in zip(*texts, strict=True)]
    inexact = {int(at): kind for at, kind in about["inexact"]}
    marked = {(row, at): (mark, value) for row, at, mark, value in about["marked"]}
    name = about["name"].removesuffix(f"[{about['part']}]") if about["part"] else about["name"]
    return name, Batch(tuple(about["header"]), rows, numbers, inexact, marked, about["part"])


def _row(cells: tuple[str, ...]) -> Sequence[str]:
    if not cells[-1]:
        return cells[:-1]
    count, *rest = json.loads(cells[-1])
    return (*cells[:-1], *rest)[:count]


def by_contract(parts: Iterator[tuple[str, Batch]], only: str = "") -> dict[str, list[tuple[str, tuple[Batch]]]]:
    """The rows of each contract, as tables to be read; `only` names whose are the rows without a contract."""
    found: dict[str, list[tuple[str, tuple[Batch]]]] = {}
    for name, batch in parts:
        at = contract_column(batch.header)
        places: dict[str, list[int]] = {}
        for place, row in enumerate(batch.rows):
            contract = (row[at].strip() if at is not None and at < len(row) else "") or only
            places.setdefault(contract, []).append(place)
        for contract, rows in places.items():
            own = Batch(
                batch.header, [batch.rows[place] for place in rows], [batch.numbers[place] for place in rows],
                batch.inexact, batch.marked, batch.part,
            )  # fmt: skip
            found.setdefault(contract, []).append((name, (own,)))
    return found
