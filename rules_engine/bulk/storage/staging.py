"""Files as tables DuckDB can read: Parquet as it is, everything else put down as texts by the readers we have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rules_engine.bulk.lake.given import Source, name_of, open_given
from rules_engine.bulk.lake.model import Part
from rules_engine.bulk.missing import library, pyarrow
from rules_engine.bulk.storage.plain_csv import cut
from rules_engine.bulk.storage.splitting import NUMBER
from rules_engine.bulk.storage.typing_sql import literal, quoted
from rules_engine.diagnostics.model import ContractError
from rules_engine.documents.batches import Batch
from rules_engine.documents.faults import Faults

FLOATING = ("float", "double", "halffloat")


@dataclass(frozen=True, slots=True)
class Staged:
    """One table: the name that messages print, its headers, the fields that hold them, and its row numbers as SQL."""

    name: str
    header: tuple[str, ...]
    fields: tuple[str, ...]
    table: str
    number: str


def staged(sources: Sequence[Source], folder: Path) -> tuple[Staged, ...] | None:
    """Every table of the files; None where a cell needs the strict reader's word (a spreadsheet's error, a binary
    float, a row too long)."""
    faults = Faults("en")
    found: list[Staged] = []
    for source in sources:
        if isinstance(source, Part):
            tables: Iterator[Staged | None] = iter((_parquet(source),))
        elif isinstance(source, Path) and source.suffix.lower() == ".parquet" and source.is_file():
            tables = iter((_parquet(Part(source)),))
        elif isinstance(source, Path) and source.is_file() and (plain := _plain(source, folder)) is not None:
            tables = iter((plain,))
        else:
            reading = open_given(source, faults)
            tables = _texts(name_of(source), reading.batches, folder) if reading is not None else iter(())
        for table in tables:
            if table is None:
                return None
            found.append(table)
    if faults.failed:
        raise ContractError(faults.diagnostics())
    return tuple(found)


def _parquet(part: Part) -> Staged | None:
    schema: Any = library("pyarrow.parquet").read_schema(part.path)
    columns = part.columns if part.columns is not None else tuple((name, name) for name in schema.names)
    header = (*(name for name, _ in columns), *(name for name, _ in part.constants))
    floating = any(str(schema.field(field).type) in FLOATING for _, field in columns)
    if floating or len({name.lower() for name in schema.names}) != len(schema.names) or len({name.lower() for name in header}) != len(header):
        return None
    table = f"read_parquet({literal(str(part.path))}, file_row_number = true, hive_partitioning = false)"
    if part.constants:
        given = ", ".join(f"{'NULL' if value is None else literal(value)}::VARCHAR AS {quoted(name)}" for name, value in part.constants)
        table = f"(SELECT *, {given} FROM {table})"
    fields = (*(field for _, field in columns), *(name for name, _ in part.constants))
    return Staged(part.name, header, fields, table, "file_row_number + 1")


def _plain(path: Path, folder: Path) -> Staged | None:
    """A CSV file of the plainest kind; None for any other file."""
    target = _next(folder)
    header = cut(path, target)
    return None if header is None else _of_texts(path.as_posix(), header, target)


def _next(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{len(list(folder.iterdir())):06}.parquet"


def _of_texts(name: str, header: tuple[str, ...], path: Path) -> Staged:
    fields = tuple(f"c{place}" for place in range(len(header)))
    return Staged(name, header, fields, f"read_parquet({literal(str(path))})", quoted(NUMBER))


def _texts(name: str, batches: Iterator[Batch], folder: Path) -> Iterator[Staged | None]:
    """A table of texts for every header; None where rows do not fit it or cells are marked."""
    writers: dict[tuple[str, tuple[str, ...]], tuple[Any, Path]] = {}
    try:
        for batch in batches:
            width = len(batch.header)
            if batch.marked or batch.inexact or any(len(row) != width and any(row) for row in batch.rows):
                yield None
                return
            key = (f"{name}[{batch.part}]" if batch.part else name, batch.header)
            if key not in writers:
                path = _next(folder)
                writers[key] = (library("pyarrow.parquet").ParquetWriter(path, _schema(width), compression="zstd", compression_level=1), path)
            _write(writers[key][0], batch, width)
    finally:
        for writer, _ in writers.values():
            writer.close()
    for (shown, header), (_, path) in writers.items():
        yield _of_texts(shown, header, path)


def _schema(width: int) -> Any:
    arrow = pyarrow()
    return arrow.schema([(NUMBER, arrow.int64()), *((f"c{place}", arrow.string()) for place in range(width))])


def _write(writer: Any, batch: Batch, width: int) -> None:
    arrow = pyarrow()
    kept = [(number, row) for number, row in zip(batch.numbers, batch.rows, strict=True) if len(row) == width]
    columns = list(zip(*(row for _, row in kept), strict=True)) if kept else [()] * width
    arrays = [arrow.array([number for number, _ in kept], arrow.int64()), *(arrow.array(column, arrow.string()) for column in columns)]
    writer.write_table(arrow.Table.from_arrays(arrays, schema=_schema(width)))
